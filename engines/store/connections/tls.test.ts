/** A database that is reached over TLS, as `sslmode` in its address asks for; and that connection, too, dies in one moment. */
import { once } from 'node:events'
import { type AddressInfo, connect as connectSocket, createServer, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { expect, test } from 'vitest'
import { emptyDatabase } from '../../../test/support/database.ts'
import { connect } from '../connect.ts'
import { ConnectionLost, TlsRefused } from '../errors.ts'

/** Of `database.example`, signed by itself, made for this test: whoever reads it learns nothing. */
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgy8nHX0Nm+Q9/TIJm
vjfRv77pjcY/etiPAj3Gb+SpVcChRANCAASw31vQ6RDRp8/hxBOnTYbC5iPX3TQA
RKgjABCspeCg7M4CeEApFEVzwZrdyD0IBw7mVbG1rE+/bMgpP9AuxB2a
-----END PRIVATE KEY-----`
const cert = `-----BEGIN CERTIFICATE-----
MIIBjjCCATOgAwIBAgIUJXm26NhhZGHK/NxhiCUmhEbbNZ4wCgYIKoZIzj0EAwIw
GzEZMBcGA1UEAwwQZGF0YWJhc2UuZXhhbXBsZTAgFw0yNjExMjMxNTIyMDVaGA8y
MTI2MTAzMDE1MjIwNVowGzEZMBcGA1UEAwwQZGF0YWJhc2UuZXhhbXBsZTBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABLDfW9DpENGnz+HEE6dNhsLmI9fdNABEqCMA
EKyl4KDszgJ4QCkURXPBmt3IPQgHDuZVsbWsT79syCk/0C7EHZqjUzBRMB0GA1Ud
DgQWBBQ1zTpi3TqFXdnOi/NvvdjkX7EY1DAfBgNVHSMEGDAWgBQ1zTpi3TqFXdnO
i/NvvdjkX7EY1DAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQCt
wUXa1oS8AdS8W5AVHrHNxSGm8IiZOhfYXcVxdG+GWgIhAIETVfx7D3WNSRuHx6dO
Px32nFyTnTeHa/Ha235Kx2bn
-----END CERTIFICATE-----`

const failure = (act: Promise<unknown>) =>
  act.then(
    () => 'nothing failed',
    (error: unknown) => error,
  )

test('asks over TLS where the address says so, and is told when that connection dies', async () => {
  await using database = await emptyDatabase()
  await using server = await behindTls(database.url, 'S')
  const sql = connect(`${server.url}?sslmode=require`, { max: 1 })

  for (let n = 0; n < 5; n++) {
    expect(await sql`select ${n}::int as it, repeat('x', 100000) as long`).toMatchObject([{ it: n }])
    const asked = failure(sql.begin((tx) => tx`select pg_sleep(60)`))
    await expect.poll(() => server.open()).toBe(1)
    server.reset()
    expect(await asked).toBeInstanceOf(ConnectionLost)
  }
  expect(server.plain()).toBe(0)
  await sql.end()
})

test('wants a certificate that others vouch for where the address asks for that', async () => {
  await using database = await emptyDatabase()
  await using server = await behindTls(database.url, 'S')
  const sql = connect(`${server.url}?sslmode=verify-full`, { max: 1 })

  expect(await failure(sql`select 1`)).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  await sql.end()
})

test('goes on without TLS only where the address allows it', async () => {
  await using database = await emptyDatabase()
  await using server = await behindTls(database.url, 'N')
  const strict = connect(`${server.url}?sslmode=require`, { max: 1 })
  const lax = connect(`${server.url}?sslmode=prefer`, { max: 1 })

  expect(await failure(strict`select 1`)).toBeInstanceOf(TlsRefused)
  expect(await lax`select 1 as it`).toEqual([{ it: 1 }])
  await strict.end()
  await lax.end()
})

test('takes nothing that came before TLS did', async () => {
  await using database = await emptyDatabase()
  await using server = await behindTls(database.url, 'Smore')
  const sql = connect(`${server.url}?sslmode=require`, { max: 1 })

  expect(await failure(sql`select 1`)).toBeInstanceOf(TlsRefused)
  await sql.end()
})

/** Answers the request for TLS as told, and carries on to the database. */
async function behindTls(target: string, answer: string) {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let plain = 0
  const server = createServer((near) => {
    sockets.add(near)
    near.on('close', () => sockets.delete(near))
    near.on('error', () => {})
    near.once('data', (request) => {
      if (request.length !== 8) plain += 1
      near.write(answer)
      const line = answer === 'S' ? new TLSSocket(near, { isServer: true, key, cert }) : near
      const far = connectSocket(Number(port), hostname)
      line.pipe(far).pipe(line)
      line.on('error', () => far.destroy())
      line.on('close', () => far.destroy())
      far.on('error', () => line.destroy())
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(target)
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    plain: () => plain,
    open: () => sockets.size,
    reset() {
      for (const socket of sockets) socket.resetAndDestroy()
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
