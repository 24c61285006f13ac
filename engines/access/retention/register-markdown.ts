/** The register of processing as Markdown, for people to read and to file. */
import type { Activity, Register } from './register.ts'

export function registerMarkdown(register: Register): string {
  const { node, madeAt, controller, dataProtectionOfficer, missing } = register
  return [
    `# Register of processing: ${node}`,
    '',
    `As of ${madeAt}. Controller: ${cell(controller ?? 'not stated')}. Data protection officer: ${cell(dataProtectionOfficer ?? 'not stated')}.`,
    '',
    ...(missing.length > 0
      ? ['**Not stated yet:**', '', ...missing.map((what) => `- ${cell(what)}`), '']
      : []),
    '## What is held',
    '',
    ...table(
      [
        'type',
        'legal basis',
        'records',
        'own',
        'erased',
        'labels',
        'purposes',
        'retention',
        'from',
        'given to',
      ],
      register.activities.map(activityRow),
    ),
    '',
    '## Sources',
    '',
    ...table(
      ['source', 'title', 'from', 'licence'],
      register.sources.map(({ id, title, source, licence }) => [id, title, source, licence]),
    ),
    '',
    '## Recipients',
    '',
    ...table(
      ['node', 'organisation', 'state', 'may be given'],
      register.recipients.map(({ node: peer, organisation = '', state, gives }) => [
        peer,
        organisation,
        state,
        gives.map(({ types, upTo }) => `${types.join(', ')} up to ${upTo}`).join('; ') || 'nothing',
      ]),
    ),
    '',
    '## People',
    '',
    ...table(
      ['role', 'accounts'],
      register.people.map(({ role, accounts }) => [role, String(accounts)]),
    ),
    '',
    '## Measures',
    '',
    ...register.security.map((measure) => `- ${measure}`),
    '',
  ].join('\n')
}

function activityRow(activity: Activity): readonly string[] {
  const { type, legalBasis, records, own, erased, labels, purposes, retention, origins, recipients } =
    activity
  const until = retention.latest === undefined ? '' : `until ${retention.earliest} … ${retention.latest}`
  const unlimited = retention.unlimited === 0 ? '' : `${retention.unlimited} without end`
  return [
    type,
    legalBasis ?? 'not stated',
    String(records),
    String(own),
    String(erased),
    labels.join(', '),
    purposes.join(', ') || 'any',
    [until, unlimited].filter(Boolean).join('; '),
    origins.join(', '),
    recipients.join(', ') || 'nobody',
  ]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return ['None.']
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}

/** Names come from settings and peers: none may break the table or write markup. */
const cell = (text: string): string =>
  text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ').replace(/[\\|<>&[\]*_`#]/g, (sign) => `\\${sign}`)
