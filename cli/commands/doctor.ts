import { X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Role, User } from '../../engines/access/index.ts'
import { LogHeld } from '../../engines/tlog/index.ts'
import { type MosaicNode, openNode } from '../../node.ts'
import type { Command } from '../command.ts'
import { readSettings, type Settings } from '../settings.ts'

type Finding = { readonly check: string; readonly ok: boolean; readonly says: string }

export const doctor: Command = {
  name: 'doctor',
  summary: 'Check that this machine and this node can do their work.',
  teaches:
    'Program, disk, settings, door, register, database, clock, log, quarantine, sources, keys, signing, people, audit trail, peers. Exit 1 when something needs a person.',
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
      findings.push(doorOf(settings), processingOf(settings))
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

/** Emergency access and releases take a second person, who must be there before they are needed. */
function peopleOf(users: readonly User[]): Finding {
  const active = users.filter(({ disabledAt }) => disabledAt === undefined)
  const having = (...some: readonly Role[]) =>
    active.filter(({ roles }) => roles.some((role) => some.includes(role))).length
  const lacking = [
    ...(having('administrator') === 0 ? ['nobody is administrator'] : []),
    ...(having('oversight') === 0
      ? ['nobody has oversight, so nobody reads the audit trail on the page']
      : []),
    ...(having('oversight', 'approver') < 2
      ? ['fewer than two can review an emergency access: one of them could break glass unreviewed']
      : []),
  ]
  const says = [`${active.length} can sign in`, ...(active.length === 0 ? [] : lacking)].join('; ')
  return { check: 'people', ok: true, says }
}

/** Who answers for the node's data, and on what basis; the law asks, and only people know. */
function processingOf({ processing }: Settings): Finding {
  const unsaid = (['controller', 'dataProtectionOfficer', 'legalBasis'] as const).filter(
    (key) => processing?.[key] === undefined,
  )
  const says =
    unsaid.length === 0
      ? `controller ${processing?.controller}`
      : `not stated in mosaic.json: ${unsaid.join(', ')}; see mosaic processing`
  return { check: 'processing', ok: true, says }
}

/** Where people sign in: this machine, a proxy in front, or the node's own certificate. */
function doorOf({ host, tls, publicUrl }: Settings): Finding {
  const isOpen = !isLoopback(host)
  const channel = tls
    ? certificateOf(tls.cert)
    : isOpen
      ? 'plain HTTP'
      : 'plain HTTP, for this machine or a proxy on it'
  const says = `${host}, ${channel}; ${publicUrl ?? 'no publicUrl: links and passkeys are for this machine'}`
  const isOver = tls !== undefined && Date.parse(new X509Certificate(tls.cert).validTo) < Date.now()
  return { check: 'door', ok: !isOver && (tls !== undefined || !isOpen), says }
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host.startsWith('127.')

const certificateOf = (cert: string): string =>
  `HTTPS, certificate until ${new X509Certificate(cert).validTo}`

/** Keys, log, audit trail, peers: opened last, because sealed keys need their passphrase. */
async function trustFindings(node: MosaicNode): Promise<Finding[]> {
  const { keys, audit, exchange, accounts } = await node.trust()
  const peers = await exchange.status()
  const ill = peers.filter(
    ({ state, errorsInARow }) => state === 'forked' || state === 'paused' || errorsInARow > 2,
  )
  const isRecoverable = (await keys.escrow()) !== undefined
  const signing = await exchange.signing()
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
    {
      check: 'signing',
      ok: signing.kind === 'signs',
      says: signing.kind === 'signs' ? 'the log is signed' : new LogHeld(signing).message,
    },
    peopleOf(await accounts.users.list()),
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
