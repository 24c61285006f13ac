/**
 * From nodes to a `CapAlert`, taking all that can be understood and nothing that cannot: an unreadable time, number,
 * code word or shape is left out (its defect says so), urgency, severity and certainty become Unknown. Undefined when
 * identity, status, kind or scope are missing: such a message can neither be referred to nor routed.
 */
import {
  type CapAlert,
  type CapArea,
  type CapInfo,
  type CapPair,
  type CapResource,
  capCategories,
  capCertainties,
  capMsgTypes,
  capResponseTypes,
  capScopes,
  capSeverities,
  capStatuses,
  capUrgencies,
} from './alert.ts'
import { readCircle, readPolygon } from './geometry.ts'
import { readReferences, readWords } from './lists.ts'
import { type CapNode, fields, textOf } from './node.ts'
import { capMillis } from './time.ts'
import { readDecimal, readInteger, readWord } from './word.ts'

export function buildAlert(
  root: CapNode,
  version: CapAlert['version'],
  signatures: number,
): CapAlert | undefined {
  const identifier = textOf(root, 'identifier')
  const sender = textOf(root, 'sender')
  const sent = timeOf(root, 'sent')
  const status = readWord(capStatuses, textOf(root, 'status'))
  const msgType = readWord(capMsgTypes, textOf(root, 'msgType'))
  const scope = readWord(capScopes, textOf(root, 'scope'))
  if (!identifier || !sender || !sent || !status || !msgType || !scope) return undefined
  return {
    version,
    identifier,
    sender,
    sent,
    status,
    msgType,
    ...texts(root, ['source']),
    scope,
    ...texts(root, ['restriction']),
    addresses: readWords(textOf(root, 'addresses') ?? ''),
    code: fields(root, 'code').map(({ value }) => value),
    ...texts(root, ['note']),
    references: readReferences(textOf(root, 'references') ?? '').references,
    incidents: readWords(textOf(root, 'incidents') ?? ''),
    info: fields(root, 'info').map(buildInfo),
    signatures,
  }
}

function buildInfo(node: CapNode): CapInfo {
  const certainty = textOf(node, 'certainty')
  return {
    ...texts(node, ['language']),
    category: wordsOf(node, 'category', capCategories),
    event: textOf(node, 'event') ?? '',
    responseType: wordsOf(node, 'responseType', capResponseTypes),
    urgency: readWord(capUrgencies, textOf(node, 'urgency')) ?? 'Unknown',
    severity: readWord(capSeverities, textOf(node, 'severity')) ?? 'Unknown',
    certainty: /^very likely$/i.test(certainty ?? '')
      ? 'Likely'
      : (readWord(capCertainties, certainty) ?? 'Unknown'),
    ...texts(node, ['audience']),
    eventCode: fields(node, 'eventCode').map(buildPair),
    ...times(node, ['effective', 'onset', 'expires']),
    ...texts(node, ['senderName', 'headline', 'description', 'instruction', 'web', 'contact']),
    parameter: fields(node, 'parameter').map(buildPair),
    resource: fields(node, 'resource').map(buildResource),
    area: fields(node, 'area').map(buildArea),
  }
}

function buildResource(node: CapNode): CapResource {
  const size = readInteger(textOf(node, 'size') ?? '')
  return {
    resourceDesc: textOf(node, 'resourceDesc') ?? '',
    mimeType: textOf(node, 'mimeType') ?? '',
    ...(size === undefined ? {} : { size }),
    ...texts(node, ['uri', 'derefUri', 'digest']),
  }
}

function buildArea(node: CapNode): CapArea {
  const altitude = readDecimal(textOf(node, 'altitude') ?? '')
  const ceiling = readDecimal(textOf(node, 'ceiling') ?? '')
  return {
    areaDesc: textOf(node, 'areaDesc') ?? '',
    polygon: fields(node, 'polygon').flatMap(({ value }) => {
      const read = readPolygon(value)
      return 'points' in read ? [read.points] : []
    }),
    circle: fields(node, 'circle').flatMap(({ value }) => {
      const read = readCircle(value)
      return 'circle' in read ? [read.circle] : []
    }),
    geocode: fields(node, 'geocode').map(buildPair),
    ...(altitude === undefined ? {} : { altitude }),
    ...(ceiling === undefined ? {} : { ceiling }),
  }
}

const buildPair = (node: CapNode): CapPair => ({
  valueName: textOf(node, 'valueName') ?? '',
  value: textOf(node, 'value') ?? '',
})

function timeOf(node: CapNode, name: string): string | undefined {
  const value = textOf(node, name)
  return capMillis(value) === undefined ? undefined : value
}

const wordsOf = <Word extends string>(node: CapNode, name: string, words: readonly Word[]): Word[] =>
  fields(node, name).flatMap(({ value }) => readWord(words, value) ?? [])

type Some<Name extends string> = { readonly [name in Name]?: string }

const texts = <Name extends string>(node: CapNode, names: readonly Name[]): Some<Name> =>
  present(names, (name) => textOf(node, name))

const times = <Name extends string>(node: CapNode, names: readonly Name[]): Some<Name> =>
  present(names, (name) => timeOf(node, name))

function present<Name extends string>(
  names: readonly Name[],
  read: (name: Name) => string | undefined,
): Some<Name> {
  const found = names.flatMap((name): [Name, string][] => {
    const value = read(name)
    return value === undefined ? [] : [[name, value]]
  })
  return Object.fromEntries(found) as Some<Name>
}
