import { exerciseOf } from '../../engines/record/index.ts'
import { settle } from '../../engines/store/index.ts'
import { type DraftFile, type DraftStep, roleOf } from '../../engines/warn/index.ts'
import { type Command, type ExitCode, type Run, text, whole } from '../command.ts'
import { type AtDesk, asOption, becauseOption, draftAt, personAt, printDraft, withDesk } from './desk-node.ts'
import { listOf } from './recall-node.ts'

type Says = { readonly summary: string; readonly teaches: readonly string[] }

const stepCommand = (step: DraftStep, { summary, teaches }: Says): Command => ({
  name: `desk ${step}`,
  summary,
  teaches: [...teaches, '', `Example: mosaic desk ${step} 3f2a9c --because "as agreed" --as ana`].join('\n'),
  arguments: 'DRAFT',
  takes: [1, 1],
  options: {
    version: { type: 'string', value: 'N', help: 'that you saw (default: the newest)' },
    despite: { type: 'string', value: 'RULES', multiple: true, help: 'findings set aside; takes --because' },
    ...becauseOption,
    ...asOption,
  },
  run: (run) =>
    withDesk(run, async (at) => {
      const before = await draftAt(run, at)
      if (before === undefined) return 1
      const by = await personAt(run, at, roleOf[step])
      const because = text(run.values, 'because')?.trim()
      const despite = listOf(run.values, 'despite')
      const file = await at.desk.step(
        before.id,
        {
          step,
          version: whole(run.values, 'version', [1, 1_000_000]) ?? before.life.version,
          ...(because && { because }),
          ...(despite && { despite }),
        },
        by,
      )
      return step === 'issue' ? sendOut(run, at, file) : printDraft(run, file, [])
    }),
})

/** The reactor writes the message, here and now; an exercise is the player's. */
async function sendOut(run: Run, { node, desk }: AtDesk, file: DraftFile): Promise<ExitCode> {
  const { store, reactors, settings } = node
  const { realm } = file.held.record
  if (exerciseOf(realm) !== undefined) {
    run.out.say('Noted. The player of the exercise sends it with its next step.')
    return 0
  }
  let isDigested = true
  await settle({
    ...{ store, realm, reactors: reactors(store.identity, settings.issueRules) },
    onFailure: ({ error }) => {
      isDigested = false
      run.out.say(error instanceof Error ? error.message : String(error))
    },
  })
  const after = await desk.file(file.id)
  if (after !== undefined) printDraft(run, after, [])
  return isDigested && after?.warning !== undefined ? 0 : 1
}

export const deskSubmit = stepCommand('submit', {
  summary: 'Hand a draft to those who approve it; refused with what the checks found.',
  teaches: ['A duty officer does. What needs no approval, by the rules of the node, is approved with it.'],
})
export const deskApprove = stepCommand('approve', {
  summary: 'Approve the version that you saw; a second person does, never an author.',
  teaches: ['Takes the role approver. Any later change of the draft makes it void.'],
})
export const deskReturn = stepCommand('return', {
  summary: 'Give a draft back to its author, with the reason.',
  teaches: ['Takes the role approver, and --because. It must be changed before it is submitted again.'],
})
export const deskIssue = stepCommand('issue', {
  summary: 'Issue an approved draft: it becomes a signed CAP message, and stays as it is.',
  teaches: ['A duty officer does. To correct it, begin an update or a cancel of the warning.'],
})
export const deskWithdraw = stepCommand('withdraw', {
  summary: 'Put a draft away that was not issued.',
  teaches: ['A duty officer does. It stays in the log.'],
})
