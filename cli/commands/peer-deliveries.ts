import { type Delivery, provenOf } from '../../engines/exchange/index.ts'
import { isRecordId, type NodeId, type RecordId } from '../../engines/record/index.ts'
import { type Command, Misused, type Run } from '../command.ts'
import { withNode } from '../with-node.ts'
import { peerName } from './peer-node.ts'

export const peerDeliveries: Command = {
  name: 'peer deliveries',
  summary: 'Prove delivery: which records a peer has signed for, each signature checked anew.',
  teaches: [
    'With its next request a peer signs for what it holds of the batch before. --json gives the signature base, the',
    'signature and the key, so that others can check them; link leads from a batch to the later one that was signed for both.',
    'Exits 1 when the record asked for is not proven delivered.',
    '',
    'Example: mosaic peer deliveries tirana.example --json',
  ].join('\n'),
  arguments: 'NODE [RECORD]',
  takes: [1, 2],
  options: {},
  run: (run) =>
    withNode(run, async (node) => {
      const peer = peerName(run)
      const record = recordAsked(run)
      const { exchange } = await node.trust()
      const deliveries = await exchange.deliveries(peer, { ...(record !== undefined && { record }) })
      const told = deliveries.map((one) => toldOf(one, node.settings.name, record))
      if (run.json) run.out.object({ peer, deliveries: told })
      else print(run, told)
      const isProven = told.some(({ records }) => records.some((one) => one.id === record && one.isProven))
      return record === undefined || isProven ? 0 : 1
    }),
}

function recordAsked({ positionals: [, id] }: Run): RecordId | undefined {
  if (id === undefined || isRecordId(id)) return id
  throw new Misused(`"${id}" is no id of a record: 40 hexadecimal digits.`)
}

function toldOf(delivery: Delivery, me: NodeId, only: RecordId | undefined) {
  const { givenAt, records, receipt } = delivery
  const proven = new Set(provenOf(delivery, me))
  return {
    givenAt,
    records: records
      .map((one) => ({ ...one, isProven: proven.has(one) }))
      .filter(({ id }) => only === undefined || id === only),
    ...(receipt && {
      receipt: {
        ...receipt,
        signature: Buffer.from(receipt.signature).toString('base64'),
        key: Buffer.from(receipt.key).toString('base64'),
      },
    }),
  }
}

function print({ out }: Run, deliveries: readonly ReturnType<typeof toldOf>[]): void {
  if (deliveries.length === 0) out.say('Nothing of that was given to this peer.')
  for (const { givenAt, records, receipt } of deliveries) {
    const signed = receipt
      ? `signed for ${receipt.receivedAt} with key ${receipt.keyId}`
      : 'not signed for yet'
    out.line(`${givenAt}  ${records.length} records  ${signed}`)
    for (const { id, version, isProven } of records)
      out.line(`  ${isProven ? 'delivered ' : 'not proven'}  ${id}@${version}`)
  }
}
