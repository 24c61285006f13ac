/** Files and addresses that come with a message (CAP 1.2 §3.2.3, §3.2.2 web). No address is ever opened here. */
import { createHash } from 'node:crypto'
import { type CapNode, field, fields, textOf } from '../node.ts'
import { readInteger } from '../word.ts'
import { at, type CapRule } from './rule.ts'

/** One character class and a length: a pattern of groups of four overflows the stack on an enclosed picture. */
const isBase64 = (text: string): boolean => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
const isAbsolute = (uri: string): boolean => /^[a-z][a-z0-9+.-]*:/i.test(uri)

export const resourceRules: readonly CapRule[] = [
  {
    rule: 'cap/web-not-absolute',
    clause: 'CAP 1.2 §3.2.2 web',
    says: 'The address must be whole, with its scheme, such as https://.',
    *check({ infos }) {
      for (const info of infos) {
        const web = field(info, 'web')
        if (web !== undefined && !(isAbsolute(web.value) && URL.canParse(web.value))) yield at(web)
      }
    },
  },
  {
    rule: 'cap/mime-type',
    clause: 'CAP 1.2 §3.2.3 mimeType; RFC 2046',
    says: 'A MIME type is type/subtype, such as image/png.',
    *check({ infos }) {
      for (const each of resources(infos)) {
        const node = field(each, 'mimeType')
        if (node !== undefined && !/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(\s*;.*)?$/.test(node.value)) yield at(node)
      }
    },
  },
  {
    rule: 'cap/uri-unreadable',
    clause: 'CAP 1.2 §3.2.3 uri',
    says: 'This is not an address.',
    *check({ infos }) {
      for (const each of resources(infos)) {
        const uri = field(each, 'uri')
        if (
          uri !== undefined &&
          (/\s/.test(uri.value) || (isAbsolute(uri.value) && !URL.canParse(uri.value)))
        )
          yield at(uri)
      }
    },
  },
  {
    rule: 'cap/uri-relative-without-content',
    clause: 'CAP 1.2 §3.2.3 uri, derefUri',
    says: 'A relative address only names what derefUri holds, and there is no derefUri.',
    *check({ infos }) {
      for (const each of resources(infos)) {
        const uri = field(each, 'uri')
        if (uri !== undefined && !isAbsolute(uri.value) && field(each, 'derefUri') === undefined)
          yield at(uri)
      }
    },
  },
  {
    rule: 'cap/deref-uri-not-base64',
    clause: 'CAP 1.2 §3.2.3 derefUri',
    says: 'The content is not base64.',
    *check({ infos }) {
      for (const each of resources(infos)) {
        const node = field(each, 'derefUri')
        if (node !== undefined && !isBase64(compact(node.value))) yield at(node)
      }
    },
  },
  {
    rule: 'cap/digest-format',
    clause: 'CAP 1.2 §3.2.3 digest (SHA-1, FIPS 180-2)',
    says: 'The digest is a SHA-1: 40 hexadecimal digits.',
    *check({ infos }) {
      for (const each of resources(infos)) {
        const node = field(each, 'digest')
        if (node !== undefined && !/^[0-9a-f]{40}$/i.test(node.value)) yield at(node)
      }
    },
  },
  {
    rule: 'cap/digest-differs',
    clause: 'CAP 1.2 §3.2.3 digest, derefUri',
    says: 'The digest is not that of the content enclosed.',
    *check({ infos }) {
      for (const each of resources(infos)) {
        const digest = field(each, 'digest')
        const content = contentOf(each)
        if (digest === undefined || content === undefined || !/^[0-9a-f]{40}$/i.test(digest.value)) continue
        if (createHash('sha1').update(content).digest('hex') !== digest.value.toLowerCase()) yield at(digest)
      }
    },
  },
  {
    rule: 'cap/size-wrong',
    clause: 'CAP 1.2 §3.2.3 size',
    says: 'The size is negative, or not that of the content enclosed.',
    *check({ infos }) {
      for (const each of resources(infos)) {
        const node = field(each, 'size')
        const size = readInteger(node?.value ?? '')
        const content = contentOf(each)
        if (node === undefined || size === undefined) continue
        if (size < 0 || (content !== undefined && content.length !== size)) yield at(node)
      }
    },
  },
]

const compact = (text: string): string => text.replace(/\s+/g, '')

function contentOf(resource: CapNode): Buffer | undefined {
  const text = compact(textOf(resource, 'derefUri') ?? '')
  return text !== '' && isBase64(text) ? Buffer.from(text, 'base64') : undefined
}

function* resources(infos: readonly CapNode[]): Generator<CapNode> {
  for (const info of infos) yield* fields(info, 'resource')
}
