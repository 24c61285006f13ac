import { type Command, text, whole } from '../command.ts'
import { withNode } from '../with-node.ts'

export const quarantine: Command = {
  name: 'quarantine',
  summary: 'List what could not be read or digested, with its reason; or show one whole.',
  teaches: [
    'Nothing that arrives is thrown away: what a decoder, the store or a reactor cannot take is held here with its bytes.',
    '--id prints the bytes of one to standard output; --discard settles one that needs no more attention, and its bytes go.',
    'mosaic quarantine senders says how much of whom is held; mosaic quarantine discard settles all of one sender.',
    '',
    'Example: mosaic quarantine --from usgs-earthquakes --json',
  ].join('\n'),
  takes: [0, 0],
  options: {
    from: { type: 'string', value: 'NAME', help: 'only from this source, peer or reactor' },
    id: { type: 'string', value: 'ID', help: 'print the bytes of this one' },
    discard: { type: 'string', value: 'ID', help: 'mark this one as needing no more attention' },
    limit: { type: 'string', value: 'N', help: 'at most so many (default 100)' },
  },
  run: (run) =>
    withNode(run, async ({ store }) => {
      const id = text(run.values, 'id') ?? text(run.values, 'discard')
      if (id !== undefined) {
        const item = await store.quarantine.get(id)
        if (!item) {
          run.out.say(`Nothing is held under ${id}.`)
          return 1
        }
        if (text(run.values, 'discard')) await store.quarantine.settle(id, 'discarded')
        else process.stdout.write(item.bytes)
        return 0
      }
      const from = text(run.values, 'from')
      const held = await store.quarantine.list({
        state: 'held',
        ...(from === undefined ? {} : { from }),
        limit: whole(run.values, 'limit', [1, 10_000]) ?? 100,
      })
      for (const { bytes, ...item } of held) {
        if (run.json) run.out.object({ ...item, sizeBytes: bytes.length })
        else {
          run.out.line(
            `${item.id}  ${item.receivedAt}  ${item.from}  ${item.kind}  ${bytes.length} bytes, ${item.times} times`,
          )
          for (const { rule, place, message } of item.issues) run.out.line(`    ${place} ${rule}: ${message}`)
        }
      }
      if (held.length === 0) run.out.say('Nothing is held: everything that came could be read.')
      return 0
    }),
}
