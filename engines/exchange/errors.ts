/** What breaks off an exchange with a peer, by stable code. What is wrong with one record is an issue, not an error. */
import { type Instant, MosaicError } from '../record/index.ts'

/** The peer's answer cannot be believed or used; nothing of it is taken. */
export class PeerFailed extends MosaicError {
  override readonly name = 'PeerFailed'
  override readonly code: string

  constructor(code: PeerFailure, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

export type PeerFailure =
  | 'exchange/unreachable'
  | 'exchange/too-slow'
  | 'exchange/too-large'
  | 'exchange/not-an-answer'
  | 'exchange/wrong-signature'
  | 'exchange/no-progress'
  | 'exchange/old-checkpoint'
  | 'exchange/wrong-checkpoint'
  | 'exchange/refused'

/** What it sent cannot be believed, and so much of it is held already that this is not kept: somebody must look. */
export class QuarantineFull extends MosaicError {
  override readonly name = 'QuarantineFull'
  override readonly code = 'exchange/quarantine-full'

  constructor(node: string) {
    super(
      `What ${node} sends cannot be verified, and its quarantine is full. Nothing more is taken from it. Look with mosaic quarantine --from ${node}, ask its operators, free the room with mosaic quarantine discard ${node}, then mosaic peer resume ${node}.`,
    )
  }
}

/** Two histories under one name: what the peer signed before and what it signs now cannot both be its log. */
export class LogForked extends MosaicError {
  override readonly name = 'LogForked'
  override readonly code = 'exchange/forked'
  readonly evidence: { readonly seen: string; readonly given: string }

  constructor(node: string, evidence: { readonly seen: string; readonly given: string }) {
    super(
      `${node} signed two histories of its log. Nothing more is taken from it; both checkpoints are kept. Ask its operators, and resume it when it is explained.`,
    )
    this.evidence = evidence
  }
}

/** Adding or changing a peer cannot be done as asked. */
export class PeerUnfit extends MosaicError {
  override readonly name = 'PeerUnfit'
  override readonly code: string

  constructor(
    code:
      | 'exchange/fingerprint-differs'
      | 'exchange/address-unfit'
      | 'exchange/no-peer'
      | 'exchange/rule-unfit'
      | 'exchange/is-this-node',
    message: string,
  ) {
    super(message)
    this.code = code
  }
}

/** A request that this node does not answer: told to the asker with its code. */
export class RequestRefused extends MosaicError {
  override readonly name = 'RequestRefused'
  override readonly code: string
  readonly status: number
  /** On skewed clocks: what time it is here. */
  readonly now?: Instant

  constructor(status: number, code: string, message: string, now?: Instant) {
    super(message)
    this.status = status
    this.code = code
    if (now !== undefined) this.now = now
  }
}
