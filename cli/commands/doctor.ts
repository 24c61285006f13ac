import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type MosaicNode, openNode } from '../../node.ts'
import type { Command } from '../command.ts'
import { readSettings, type Settings } from '../settings.ts'

type Finding = { readonly check: string; readonly ok: boolean; readonly says: string }

export const doctor: Command = {
  name: 'doctor',
  summary: 'Check that this machine and this node can do their work.',
  teaches:
    'Program, settings, disk, database, clock, log, quarantine, sources, keys, audit trail, peers. Exit 1 when something needs a person.',
  takes: [0, 0],
  options: {},
  run: async (run) => {
    const findings: Finding[] = [programOf()]
    try {
      const settings = readSettings(process.env)
      findings.push(await diskOf(settings.dataFolder))
      findings.push({
        check: 'settings',
        ok: true,
        says: `data in ${settings.dataFolder}`,
      })
      findings.push(...(await nodeFindings(settings)))
    } catch (error) {
      findings.push({
        check: 'node',
        ok: false,
        says: error instanceof Error ? error.message : String(error),
      })
    }
    for (const finding of findings) {
      if (run.json) run.out.object(finding)
      else run.out.line(`${finding.ok ? 'ok  ' : 'LOOK'}  ${finding.check.padEnd(11)}  ${finding.says}`)
    }
    return findings.every(({ ok }) => ok) ? 0 : 1
  },
}

function programOf(): Finding {
  const major = Number(process.versions.node.split('.')[0])
  return {
    check: 'program',
    ok: major >= 24,
    says: `Node.js ${process.versions.node}${major >= 24 ? '' : '; 24 or newer is needed: run npm ci'}`,
  }
}

/** Of the data folder, or of the nearest folder above it that is there. */
async function diskOf(dataFolder: string): Promise<Finding> {
  let folder = dataFolder
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder)
  const { bavail, bsize } = await statfs(folder)
  const gib = (bavail * bsize) / 2 ** 30
  return { check: 'disk', ok: gib > 1, says: `${gib.toFixed(1)} GiB free` }
}

/** What was received last was received in the past, or this clock is wrong. */
function clockOf(behindMs: number, now: string): Finding {
  const says = `the node's clock says ${now}`
  if (behindMs < 1000) return { check: 'clock', ok: true, says }
  const seconds = Math.round(behindMs / 1000)
  return { check: 'clock', ok: false, says: `${says}, ${seconds} s before what was received last: set it` }
}

async function nodeFindings(settings: Settings): Promise<Finding[]> {
  await using node = await openNode(settings)
  const { store, sources, clock } = node
  const held = await store.quarantine.count()
  const head = await store.head()
  const states = await store.sources.all()
  const declared = new Set(sources.map(({ id }) => id))
  const failing = states.filter(({ source, errorsInARow }) => declared.has(source) && errorsInARow > 2)
  const behind = (await store.checkpoints.all()).filter(({ reactor }) => reactor.endsWith('@actual'))
  return [
    {
      check: 'database',
      ok: true,
      says: settings.databaseUrl === undefined ? 'embedded PostgreSQL' : 'PostgreSQL of DATABASE_URL',
    },
    clockOf(store.clockBehindMs, clock.now()),
    { check: 'log', ok: true, says: `${head + 1} records, ${behind.length} reactors have checkpoints` },
    {
      check: 'quarantine',
      ok: held === 0,
      says: held === 0 ? 'nothing is held' : `${held} held; see mosaic quarantine`,
    },
    {
      check: 'sources',
      ok: failing.length === 0,
      says:
        failing.length === 0
          ? `${sources.length} declared, ${states.length} tried`
          : `failing: ${failing.map(({ source }) => source).join(', ')}`,
    },
    ...(await trustFindings(node)),
  ]
}

/** Keys, log, audit trail, peers: opened last, because sealed keys need their passphrase. */
async function trustFindings(node: MosaicNode): Promise<Finding[]> {
  const { keys, audit, exchange } = await node.trust()
  const peers = await exchange.status()
  const ill = peers.filter(({ state, errorsInARow }) => state === 'forked' || errorsInARow > 2)
  const isRecoverable = (await keys.escrow()) !== undefined
  return [
    {
      check: 'keys',
      ok: true,
      says: [
        `${node.settings.name} signs with ${keys.current().keyId}`,
        (await keys.isSealed())
          ? 'sealed'
          : 'not sealed: who reads the database or a backup can sign; see MOSAIC_PASSPHRASE_FILE',
        isRecoverable ? 'two people can recover them' : 'lost with the database; see mosaic keys split',
      ].join('; '),
    },
    ...(await audit.findings()),
    {
      check: 'peers',
      ok: ill.length === 0,
      says:
        ill.length === 0
          ? `${peers.length} known`
          : `${ill.map(({ node: name, state, stateReason, lastError }) => `${name} ${state}: ${stateReason ?? lastError?.message ?? ''}`).join('; ')}`,
    },
  ]
}
