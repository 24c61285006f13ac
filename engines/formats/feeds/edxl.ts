/**
 * EDXL Distribution Element 1.0 (OASIS EDXL-DE-V1.0, 2006): an envelope with content objects, each of which may carry a
 * CAP message as embedded XML. Whom the envelope is addressed to is not read. Its `distributionStatus` is: what stands in
 * an envelope that is not Actual is not either. Content of another kind is named and left.
 */
import type { XmlElement } from '../xml/read.ts'
import { xmlText } from '../xml/serialise.ts'
import { childrenNamed } from '../xml/tree.ts'
import { alertsBelow, type Findings, feedIssue, noFindings, textIn } from './findings.ts'

export const edxlNamespace = /^urn:oasis:names:tc:emergency:EDXL:DE:1\./

export function readEdxl(root: XmlElement): Findings {
  const findings = noFindings()
  const distribution = textIn(root, 'distributionID') ?? ''
  const envelopeStatus = textIn(root, 'distributionStatus')
  const updated = textIn(root, 'dateTimeSent')
  for (const [at, element] of childrenNamed(root, 'contentObject').entries()) {
    const place = `/EDXLDistribution/contentObject[${at + 1}]`
    const alerts = alertsBelow(element)
    const title = textIn(element, 'contentDescription')
    if (alerts.length === 0) findings.defects.push(feedIssue('feed/not-carried', place, title))
    for (const [nth, alert] of alerts.entries()) {
      findings.entries.push({
        place,
        id: `${distribution}#${at + 1}.${nth + 1}`,
        ...(updated === undefined ? {} : { updated }),
        ...(title === undefined ? {} : { title }),
        ...(envelopeStatus === undefined ? {} : { envelopeStatus }),
        inline: xmlText(alert),
        summary: {},
      })
    }
  }
  return findings
}
