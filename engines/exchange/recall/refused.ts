/** Why a recall was refused, in one sentence for whoever ordered it, on the command line or the page. */
import { unreachable } from '../../record/index.ts'
import type { RecallRefusal } from './contract.ts'

export function sayRecallRefused(reason: RecallRefusal): string {
  switch (reason.code) {
    case 'exchange/recall-not-held':
      return `This node holds no record ${reason.target}.`
    case 'exchange/recall-not-ours':
      return `It is a record of ${reason.origin}; only its origin takes it back. Ask its operators.`
    case 'exchange/relabel-not-stricter':
      return 'That handling restricts nothing that is not restricted already. To widen, its origin makes a release.'
    case 'exchange/relabel-admits':
      return `From TLP:AMBER upwards an audience lets in whom the label alone keeps out; that would widen it to ${reason.names.join(', ')}. Leave the audience out.`
    case 'exchange/not-recallable':
      return `A record of the type ${reason.type} is the account of what was taken back; it stays.`
    default:
      return unreachable(reason)
  }
}
