/** CAP severity in CAP's own word: the message says it in that word, and a duty officer quotes it. */
export function SeverityTag({ severity }: { readonly severity: string }) {
  return (
    <span className="tag" data-severity={severity} lang="en">
      {severity}
    </span>
  )
}
