import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { type Clearance, type Purpose, purposes } from '../../engines/access/index.ts'
import { type Exchange, fingerprintOf, type PeerTerms, rulesText } from '../../engines/exchange/index.ts'
import { inLanguage, type PoliceCode, policeCodes, tlpLabels } from '../../engines/record/index.ts'
import { type Command, Misused, type Run, text, type Values } from '../command.ts'
import { giveOption, rulesOf, withExchange } from './peer-node.ts'

export const peerAdd: Command = {
  name: 'peer add',
  summary: 'Make another node a peer, after you compared fingerprints with its operators.',
  teaches: [
    'Shows who answers at URL and two fingerprints, theirs and ours. Telephone its operators: each reads out what the',
    "other's screen shows. Only if both agree, type the first group of theirs; a program says the whole with --fingerprint.",
    'Both sides add each other. Nothing is given until you say what with --give, and the handling policy is asked besides:',
    'what is above TLP:CLEAR needs a clearance as well.',
    '',
    'Example: mosaic peer add https://tirana.example --give "warn.*:GREEN" --clearance "*:GREEN"',
  ].join('\n'),
  arguments: 'URL',
  takes: [1, 1],
  options: {
    fingerprint: { type: 'string', value: 'F', help: 'the fingerprint that its operators told you' },
    give: giveOption,
    clearance: {
      type: 'string',
      value: 'COMMUNITY:LABEL',
      multiple: true,
      help: 'up to which label its operators are cleared in a community, * for all; for example csirts:AMBER',
    },
    purpose: {
      type: 'string',
      value: 'P',
      multiple: true,
      help: `what it may ask for: ${purposes.join(', ')}`,
    },
    police: {
      type: 'string',
      value: 'H',
      multiple: true,
      help: 'police codes whose terms it accepted: H0, H1, H2, H3',
    },
    organisation: {
      type: 'string',
      value: 'ID',
      help: 'the organisation that runs it, in place of what it says itself',
    },
    introduces: {
      type: 'boolean',
      help: 'believe it when it tells the keys of origins whose records it passes on',
    },
    ca: {
      type: 'string',
      value: 'FILE',
      help: 'PEM of the authority of its certificate, if it is not a public one',
    },
    'insecure-http': { type: 'boolean', help: 'accept an unencrypted address beyond this machine' },
  },
  run: (run) => withExchange(run, (exchange) => add(run, exchange)),
}

async function add(run: Run, exchange: Exchange): Promise<0 | 1> {
  const [url = ''] = run.positionals
  const terms = termsOf(run.values)
  const met = await exchange.meet({
    url,
    ...(terms.ca !== undefined && { ca: terms.ca }),
    insecureHttp: run.values['insecure-http'] === true,
    signal: run.signal,
  })
  const card = await exchange.card()
  if (met.card.node === card.node) {
    run.out.say(`${url} is this node itself, ${card.node}. Give the address of the other.`)
    return 1
  }
  const own = card.keys.find(({ keyId }) => keyId === card.current)
  const title = inLanguage(met.card.title, 'en')?.text ?? ''
  run.out.say(
    `${met.card.node} answers: ${title}${met.card.organisation ? `, ${met.card.organisation}` : ''}`,
  )
  run.out.say(`  theirs  ${met.fingerprint}`)
  run.out.say(`  ours    ${own ? fingerprintOf(own) : '(no key)'}`)
  const told = text(run.values, 'fingerprint') ?? (await compared(run, met.fingerprint))
  if (told === undefined) {
    run.out.say('Not added. Compare the fingerprints with its operators, then say theirs with --fingerprint.')
    return 1
  }
  const peer = await exchange.welcome(met, { fingerprint: told, terms })
  if (run.json)
    run.out.object({ node: peer.node, url: peer.url, fingerprint: met.fingerprint, gives: peer.gives })
  else run.out.line(`${peer.node}  ${peer.url}  gives ${rulesText(peer.gives) || 'nothing yet'}`)
  run.out.say('Its operators add this node too; until then it refuses us.')
  return 0
}

/** A person who compared types the first group; typing "yes" would be done without looking. */
async function compared(run: Run, fingerprint: string): Promise<string | undefined> {
  if (!process.stdin.isTTY || run.json) return undefined
  const asking = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await asking.question(
      'If theirs is what its operators read to you, type its first group: ',
      {
        signal: run.signal,
      },
    )
    return answer.trim().toLowerCase() === fingerprint.slice(0, 4) ? fingerprint : undefined
  } finally {
    asking.close()
  }
}

function termsOf(values: Values): PeerTerms {
  const organisation = text(values, 'organisation')
  const ca = text(values, 'ca')
  return {
    gives: rulesOf(values) ?? [],
    clearances: listOf(values, 'clearance').map(clearanceOf),
    purposes: listOf(values, 'purpose').map(purposeOf),
    police: listOf(values, 'police').map(policeOf),
    introduces: values['introduces'] === true,
    ...(organisation !== undefined && { organisation }),
    ...(ca !== undefined && { ca: textOf(ca) }),
  }
}

function listOf(values: Values, name: string): readonly string[] {
  const given = values[name]
  if (given === undefined || typeof given === 'boolean') return []
  return (Array.isArray(given) ? given : [given])
    .flatMap((word: string) => word.split(/[\s,]+/))
    .filter(Boolean)
}

function clearanceOf(word: string): Clearance {
  const at = word.lastIndexOf(':')
  const upTo = tlpLabels.find((label) => label === `TLP:${word.slice(at + 1)}`)
  if (at < 1 || upTo === undefined)
    throw new Misused(`--clearance takes COMMUNITY:LABEL, for example *:GREEN, not "${word}".`)
  return { community: word.slice(0, at), upTo }
}

function purposeOf(word: string): Purpose {
  const found = purposes.find((purpose) => purpose === word)
  if (found === undefined) throw new Misused(`--purpose is one of ${purposes.join(', ')}, not "${word}".`)
  return found
}

function policeOf(word: string): PoliceCode {
  const found = policeCodes.find((code) => code === word)
  if (found === undefined) throw new Misused(`--police is one of ${policeCodes.join(', ')}, not "${word}".`)
  return found
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new Misused(`--ca names ${file}, which cannot be read.`)
  }
}
