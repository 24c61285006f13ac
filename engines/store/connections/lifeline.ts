/**
 * The socket of one connection, as the driver sees it: it lives once, and dies in one moment.
 *
 * A socket of Node tells of its death in two steps, `error` and later `close`, and of a peer that went away in two more,
 * `end` and later `close`. What the driver is given between the two it forgets: it neither rejects it nor sends it. So
 * the first sign of death is the death: everybody who waits is told in the same turn, before any other code runs.
 *
 * TLS is done here, so that its sockets are held to the same. Writing never asks the driver to wait (its transactions
 * break when it has to); COPY waits for the socket by the callback of each piece.
 *
 * TCP without delay (RFC 896's waiting switched off): COPY ends in a small packet of its own, which would wait 40 ms for
 * the server's delayed acknowledgement. Measured: an append of one record 176 ms with it, 1.4 ms without.
 *
 * States: greeting → open → dead.
 */
import { EventEmitter } from 'node:events'
import { connect, isIP, type Socket } from 'node:net'
import { connect as secure } from 'node:tls'
import { ConnectionLost, TlsRefused } from '../errors.ts'

export type Address = {
  readonly host: string
  readonly port: number
  /** Of a socket in the file system, instead of host and port. */
  readonly path?: string | undefined
  readonly tls: TlsMode
}

/** As libpq's `sslmode`, or the options of `tls.connect`. */
export type TlsMode = false | 'prefer' | 'require' | 'verify' | { readonly [option: string]: unknown }

/** A server that does not close after we said goodbye. */
const goodbyeMs = 5000
/** PostgreSQL, message formats: SSLRequest; ReadyForQuery is 'Z', its length, and a letter for the transaction's state. */
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])
const ready = Buffer.from([90, 0, 0, 0, 5])

export class Lifeline extends EventEmitter {
  readonly host: string
  readonly port: number
  #line: Socket
  #state: 'greeting' | 'open' | 'dead' = 'greeting'
  /** What was written before the line could take it. */
  #held: (() => void)[] | undefined = []
  #tail = Buffer.alloc(0)
  readonly #onDeath: (error: Error, wasOpen: boolean) => boolean

  /** `onDeath` comes first; when it answers false, the driver is not told. */
  constructor(address: Address, onDeath: (error: Error, wasOpen: boolean) => boolean) {
    super()
    this.host = address.path ?? address.host
    this.port = address.port
    this.#onDeath = onDeath
    const { host, port, path } = address
    this.#line = connect(path === undefined ? { host, port, noDelay: true } : { path })
    this.#line.once('connect', () => {
      if (address.tls === false || path !== undefined) this.#open()
      else this.#secure(host, address.tls)
    })
    this.#watch(this.#line)
  }

  get readyState(): 'open' | 'closed' {
    return this.#state === 'dead' ? 'closed' : 'open'
  }

  write(bytes: Uint8Array, done?: (error?: Error | null) => void): true {
    if (this.#held) this.#held.push(() => this.#line.write(bytes, done))
    else this.#line.write(bytes, done)
    return true
  }

  end(goodbye: Uint8Array): void {
    if (this.#held) this.destroy()
    else this.#line.end(goodbye).setTimeout(goodbyeMs, () => this.destroy())
  }

  destroy(): void {
    this.#die(new ConnectionLost('it was given up'))
  }

  pause(): void {
    this.#line.pause()
  }

  resume(): void {
    this.#line.resume()
  }

  setKeepAlive(isOn: boolean, afterMs: number): void {
    this.#line.setKeepAlive(isOn, afterMs)
  }

  #open(): void {
    this.#line.on('data', (bytes: Buffer) => {
      if (this.#state === 'greeting') this.#listenForReady(bytes)
      this.emit('data', bytes)
    })
    const held = this.#held ?? []
    this.#held = undefined
    for (const write of held) write()
  }

  #secure(host: string, mode: Exclude<TlsMode, false>): void {
    this.#line.once('data', (answer: Buffer) => {
      const isWilling = answer[0] === 83 // S
      if (!isWilling && mode === 'prefer') return this.#open()
      // What comes with the yes was sent by somebody else, to be taken for the server's words under TLS.
      if (!isWilling || answer.length > 1) return this.#die(new TlsRefused(this.host))
      this.#line.removeAllListeners()
      this.#line = secure({
        socket: this.#line,
        host,
        ...(isIP(host) ? {} : { servername: host }),
        ...(typeof mode === 'object' ? mode : { rejectUnauthorized: mode === 'verify' }),
      })
      this.#watch(this.#line)
      this.#open()
    })
    this.#line.write(sslRequest)
  }

  #watch(line: Socket): void {
    line.on('error', (error) => this.#die(error))
    line.on('end', () => this.#die(new ConnectionLost('the server ended it')))
    line.on('close', () => this.#die(new ConnectionLost('the server ended it')))
  }

  /** After its greeting the server waits for us, so ReadyForQuery is the last that has come. */
  #listenForReady(bytes: Buffer): void {
    this.#tail = Buffer.concat([this.#tail, bytes]).subarray(-6)
    if (this.#tail.subarray(0, 5).equals(ready)) this.#state = 'open'
  }

  #die(cause: Error): void {
    if (this.#state === 'dead') return
    const wasOpen = this.#state === 'open'
    this.#state = 'dead'
    this.#line.removeAllListeners()
    this.#line.on('error', () => {}) // it has been told as our death; what follows from it says nothing new
    this.#line.destroy()
    const isOurs = cause instanceof ConnectionLost || !wasOpen
    const error = isOurs ? cause : new ConnectionLost(cause.message, { cause })
    if (!this.#onDeath(error, wasOpen)) return
    this.emit('error', error)
    this.emit('close', true)
  }
}
