/** Reports between crisis centres over a line that is cut in the middle of everything. */
import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { provenOf } from '../../engines/exchange/index.ts'
import { aRegion, type RegionNode } from './region.test-support.ts'

const megabyte = 1024 * 1024

/** Kept at this node, to be named by a report. */
async function aPicture(at: RegionNode, bytes: Buffer) {
  async function* parts() {
    for (let from = 0; from < bytes.length; from += 65_536) yield bytes.subarray(from, from + 65_536)
  }
  const { sha256, size } = await at.store().attachments.put('image/jpeg', parts())
  return { sha256, size, mediaType: 'image/jpeg', name: 'bridge.jpg' }
}

async function bytesAt(at: RegionNode, sha256: string, size: number): Promise<string> {
  const digest = createHash('sha256')
  for await (const chunk of at.store().attachments.read(sha256, 0, size)) digest.update(chunk)
  return digest.digest('hex')
}

test('a report sent during a cut of the link arrives complete and once after it returns, in order, with proof of delivery', async () => {
  await using region = await aRegion(['durres.example', 'tirana.example'])
  const [durres, tirana] = region.nodes as [RegionNode, RegionNode]
  await region.join(durres, tirana)
  const line = region.line(tirana, durres)
  for (const node of region.nodes) node.live()
  await durres.write({ key: 'before the cut' })
  await region.until('the first report is there', async () => (await tirana.held()).length === 1)

  line.set({ isDown: true })
  const picture = await aPicture(durres, randomBytes(2 * megabyte))
  await durres.write({ key: 'bridge closed', body: { text: 'See the picture.', attachments: [picture] } })
  await durres.write({ key: 'shelter full' })
  await durres.write({ key: 'bridge closed', body: { text: 'One lane open.', attachments: [picture] } })
  await durres.write({ key: 'water restored' })
  const during = await tirana.held()
  line.set({ cutAfterBytes: 300_000, cutShare: 0.5, delayMs: 20 })
  await region.until('the picture is whole', async () => {
    return (await tirana.store().attachments.get(picture.sha256))?.isComplete === true
  })
  line.set({})
  await region.until('all reports are there', async () => (await tirana.held()).length === 5)

  const given = await durres.records()
  const proven = async () => {
    const deliveries = await durres.trust().exchange.deliveries(tirana.name)
    return new Set(
      deliveries.flatMap((one) => provenOf(one, durres.name)).map(({ id, version }) => `${id}@${version}`),
    )
  }
  await region.until('all are signed for', async () => {
    const signed = await proven()
    return given.every(({ record: { id, version } }) => signed.has(`${id}@${version}`))
  })

  expect(during).toEqual(['before the cut@1'])
  expect(await tirana.held()).toEqual([
    'before the cut@1',
    'bridge closed@1',
    'shelter full@1',
    'bridge closed@2',
    'water restored@1',
  ])
  expect((await tirana.records()).map(({ record }) => record)).toEqual(given.map(({ record }) => record))
  expect(line.cuts()).toBeGreaterThan(0)
  expect(await bytesAt(tirana, picture.sha256, picture.size)).toBe(picture.sha256)
  expect(await tirana.quarantined()).toEqual([])
}, 60_000)
