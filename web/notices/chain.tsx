/** Every message behind a notice: what part it plays and why, whether its signature holds, and what is wrong in it. */
import { Link } from '@tanstack/react-router'
import type { NoticeDetail } from '../../server/schemas/index.ts'
import { When } from '../app/when.tsx'
import { isKey } from '../text/catalogue.ts'
import { T, useText } from '../text/use-text.tsx'

type Message = NoticeDetail['messages'][number]
type Signature = NonNullable<Message['signature']>

export function NoticeChain({ notice: { messages, dangling } }: { readonly notice: NoticeDetail }) {
  return (
    <section aria-labelledby="chain" data-testid="notice-chain">
      <h2 id="chain">
        <T k="notice.chain" /> <span className="count">{messages.length}</span>
      </h2>
      <ol className="plain">
        {messages.map((message) => (
          <li
            key={`${message.sender}${message.identifier}${message.sent}${message.role}`}
            className="card"
            data-testid="notice-message"
            data-role={message.role}
          >
            <Message message={message} />
          </li>
        ))}
      </ol>
      {dangling.length > 0 && (
        <p data-testid="dangling">
          <T k="notice.dangling" />: <code className="breakable">{dangling.join(' · ')}</code>
        </p>
      )}
    </section>
  )
}

function Message({ message }: { readonly message: Message }) {
  const { say } = useText()
  const role = `notice.role.${message.role}`
  const because = `notice.because.${message.because}`
  return (
    <>
      <p>
        <strong className="tag" data-severity={message.role === 'conflict' ? 'Severe' : undefined}>
          {isKey(role) ? say(role) : message.role}
        </strong>{' '}
        {message.msgType !== undefined && <span lang="en">{message.msgType}</span>} <When at={message.sent} />
      </p>
      <p className="breakable">
        {message.id === undefined ? (
          <code>{message.identifier}</code>
        ) : (
          <Link to="/records/$recordId" params={{ recordId: message.id }}>
            {message.identifier}
          </Link>
        )}
      </p>
      <p className="faint">{isKey(because) ? say(because) : message.because}</p>
      {message.signature && <SignatureLine signature={message.signature} />}
      {message.defects.length > 0 && (
        <details data-testid="defects">
          <summary>
            <T k="notice.defects" /> ({message.defects.length})
          </summary>
          <ul className="issues" lang="en">
            {message.defects.map(({ rule, place, value, message: said }) => (
              <li key={`${rule}${place}${value ?? ''}`}>
                {said} <code>{rule}</code> <code>{place}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

function SignatureLine({ signature }: { readonly signature: Signature }) {
  const { kind, fingerprint, trusted, weak } = signature
  const word = kind === 'verified' ? (trusted ? 'trusted' : 'untrusted') : kind
  const key = `notice.signature.${word}`
  return (
    <p data-testid="signature" className={kind === 'failed' ? 'notice loud' : undefined}>
      {isKey(key) ? <T k={key} /> : kind}
      {weak === true && (
        <>
          {'; '}
          <T k="notice.signature.weak" />
        </>
      )}{' '}
      {fingerprint !== undefined && <code>{fingerprint.slice(0, 16)}…</code>}
    </p>
  )
}
