/**
 * The table of CAP rules in `docs/interop.md`, as the code has them. After a rule changed, print it again:
 *
 *     npx node test/docs/cap-rules.ts
 */
import { capDefectRules } from '../../engines/formats/index.ts'

export function capRuleTable(): string {
  const rows = capDefectRules.map(({ rule, clause, says }) => `| \`${rule}\` | ${clause} | ${says} |`)
  return ['| rule | clause | what it says |', '|---|---|---|', ...rows].join('\n')
}

if (import.meta.main) process.stdout.write(`${capRuleTable()}\n`)
