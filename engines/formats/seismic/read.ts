/**
 * One reader for whatever an FDSN event service answers: its `format` may be json, xml (QuakeML) or text, and a proxy or
 * a saved file may not keep the media type, so the bytes themselves decide. JSON differs by agency and is handed in.
 */
import type { SeismicRead, SeismicReadOptions } from './event.ts'
import { readFdsnText } from './fdsn-text.ts'
import { readQuakeMl } from './quakeml.ts'

export type SeismicReader = (bytes: Uint8Array, options: SeismicReadOptions) => SeismicRead

export function readSeismic(json: SeismicReader): SeismicReader {
  return (bytes, options) => {
    const head = new TextDecoder('latin1').decode(bytes.subarray(0, 4096)).replace(/^ï»¿/, '').trimStart()
    if (head.startsWith('<') && /quakeml/i.test(head)) return readQuakeMl(bytes, options)
    if (/^#|^event_?id\s*\||^[^{["<|\n]+(\|[^|\n]*){4}/i.test(head)) return readFdsnText(bytes, options)
    return json(bytes, options)
  }
}
