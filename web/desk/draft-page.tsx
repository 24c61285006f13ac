/** One draft: who issues it and where it stands, its content (edited while it may be), the checks beside it, its preview. */
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { DeskDraft } from '../../server/schemas/index.ts'
import { OnlyFor } from '../access/only-for.tsx'
import { deskQuery, draftQuery } from '../api/desk.ts'
import { useCountries } from '../app/countries.ts'
import { Icon } from '../app/icon.tsx'
import { Loading } from '../app/states.tsx'
import { Age } from '../app/when.tsx'
import { Multilingual, T } from '../text/use-text.tsx'
import { SeverityTag } from '../warnings/severity.tsx'
import { Editor } from './editor.tsx'
import { Findings } from './findings.tsx'
import { Preview } from './preview.tsx'
import { Fate } from './state.tsx'
import { Steps } from './steps.tsx'

export function DraftPage() {
  const { draftId = '' } = useParams({ strict: false }) as { readonly draftId?: string }
  const draft = useQuery(draftQuery(draftId))
  const desk = useQuery(deskQuery)
  return (
    <article className="wide event desk" data-testid="draft-page" aria-busy={draft.isFetching}>
      <Link to="/desk" className="back">
        <Icon name="back" /> <T k="desk.title" />
      </Link>
      {(draft.isPending || desk.isPending) && <Loading />}
      {draft.isError && !draft.data && (
        <OnlyFor error={draft.error} whom="desk.forWhom" onRetry={() => void draft.refetch()} />
      )}
      {draft.data && desk.data && <Sections draft={draft.data} key={draft.data.id} />}
    </article>
  )
}

type DraftProps = { readonly draft: DeskDraft }

function Sections({ draft }: DraftProps) {
  const mayEdit = draft.can.some(({ step, isAllowed }) => step === 'edit' && isAllowed)
  return (
    <>
      <Heading draft={draft} />
      <Issuer draft={draft} />
      {draft.proposalMovedOn && (
        <p className="notice">
          <T k="desk.proposalMovedOn" />
        </p>
      )}
      {draft.state === 'issued' && (
        <p className="notice">
          <T k="desk.frozen" />
        </p>
      )}
      <Editor draft={draft} mayEdit={mayEdit} />
      <Findings findings={draft.findings} />
      <Preview id={draft.id} version={draft.version} />
      <Steps draft={draft} />
      <Done draft={draft} />
    </>
  )
}

function Heading({ draft }: DraftProps) {
  const { nameOf } = useCountries()
  return (
    <header>
      <h1>
        {nameOf(draft.country)} · <Multilingual text={draft.headline} />
      </h1>
      <p className="row-facts">
        <strong className="tag" data-testid="draft-state">
          <T k={`desk.state.${draft.state}`} />
        </strong>
        <T k={`desk.purpose.${draft.purpose}`} />
        <SeverityTag severity={draft.severity} />
        <T k="event.history.version" version={draft.version} />
        <span data-testid="approvals">
          <T k="desk.approvals" given={draft.approvals.given} needed={draft.approvals.needed} />
        </span>
        <Fate fate={draft.fate} />
        {draft.realm !== 'actual' && <span className="tag tag-exercise">{draft.realm}</span>}
        {draft.event !== undefined && (
          <Link to="/events/$id" params={{ id: draft.event }}>
            <T k="desk.event" />
          </Link>
        )}
        {draft.warning !== undefined && (
          <Link to="/warnings/$warningId" params={{ warningId: draft.warning }} data-testid="issued-warning">
            <T k="nav.warnings" />
          </Link>
        )}
      </p>
    </header>
  )
}

/** Who speaks, and by what right; without a mandate the message is advice, and says so before anybody writes a word. */
function Issuer({ draft: { issuer } }: DraftProps) {
  if (!issuer)
    return (
      <p className="notice loud" data-testid="issuer">
        <T k="desk.noIssuer" />
      </p>
    )
  return (
    <p
      className={issuer.kind === 'advice' ? 'notice' : undefined}
      data-testid="issuer"
      data-kind={issuer.kind}
    >
      {issuer.kind === 'advice' && (
        <strong>
          <T k="warning.advice" />.{' '}
        </strong>
      )}
      <T k="warning.sender" />: <Multilingual text={issuer.senderName} /> <code>{issuer.sender}</code>.{' '}
      {issuer.mandate}
    </p>
  )
}

function Done({ draft: { history, evidence } }: DraftProps) {
  return (
    <section aria-labelledby="done" data-testid="draft-history">
      <h2 id="done">
        <T k="desk.history" />
      </h2>
      <ol className="plain">
        {history.map(({ at, kind, version, by, because, despite, isVoid }) => (
          <li key={`${at}${kind}${version}${by.id}`}>
            <Age at={at} />:{' '}
            {isVoid ? (
              <s>
                <T k={`desk.step.${kind}`} />
              </s>
            ) : (
              <T k={`desk.step.${kind}`} />
            )}{' '}
            (
            <T k="event.history.version" version={version} />) – {by.name}{' '}
            {by.role !== undefined && <small lang="en">{by.role}</small>}
            {because !== undefined && `: “${because}”`}
            {despite.length > 0 && <code> {despite.join(', ')}</code>}
          </li>
        ))}
      </ol>
      {evidence.length > 0 && (
        <p>
          <T k="desk.evidence" />:{' '}
          {evidence.map(({ id, version, type }) => (
            <span key={`${id}${version}`}>
              <Link to="/records/$recordId" params={{ recordId: id }}>
                {type} {id.slice(0, 6)}@{version}
              </Link>{' '}
            </span>
          ))}
        </p>
      )}
    </section>
  )
}
