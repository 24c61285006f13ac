/**
 * Who an entry of the trail speaks of. What is done at the machine itself stands under the account of the operating
 * system, `operator:ACCOUNT@NODE`, and behind that the name that was given there, which nobody checked:
 * `operator:ACCOUNT/NAME@NODE` (cli/trail.ts).
 */
import { T } from '../text/use-text.tsx'

export function Who({ principal }: { readonly principal: string }) {
  const [, account, said, node] = /^operator:([^/@]+)(?:\/(.*))?@([^@]+)$/s.exec(principal) ?? []
  if (account === undefined || node === undefined) {
    const at = principal.lastIndexOf('@') + 1
    return (
      <>
        {principal.slice(0, at)}
        <wbr />
        {principal.slice(at)}
      </>
    )
  }
  return said === undefined ? (
    <T k="audit.operator" account={account} node={node} />
  ) : (
    <T k="audit.operatorAs" account={account} node={node} name={said} />
  )
}
