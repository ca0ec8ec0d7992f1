import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

/** An answer as it came over the wire. */
export type RawAnswer = {
  readonly status: number
  /** By lower-case name; of several with one name the last. */
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

/** Opens a connection to the service, until the test ends. */
export async function openSocket(t: TestContext, url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true })
  socket.on('error', () => {})
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

/**
 * Sends bytes, half-closes the connection, and returns all answers until the service closes it.
 */
export async function sendRaw(
  t: TestContext,
  url: string,
  bytes: string | Uint8Array
): Promise<readonly RawAnswer[]> {
  const socket = await openSocket(t, url)
  socket.end(bytes)
  return readAnswers(await readAll(socket))
}

/** Reads until the other side closes or resets the connection. */
export async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  socket.on('data', chunk => chunks.push(chunk))
  await new Promise(resolve => socket.once('end', resolve).once('close', resolve))
  return Buffer.concat(chunks).toString('latin1')
}

/** Parses the answers of a connection; fails the test for anything else. */
export function readAnswers(text: string): readonly RawAnswer[] {
  if (text === '') return []
  const [, head = '', rest = ''] = /^(.*?)\r\n\r\n(.*)$/s.exec(text) ?? []
  const [line = '', ...fields] = head.split('\r\n')
  const [, status] = /^HTTP\/1\.1 (\d{3}) [\w -]+$/.exec(line) ?? []
  assert.ok(status !== undefined, `no answer in HTTP: ${JSON.stringify(text.slice(0, 200))}`)
  const headers = Object.fromEntries(
    fields.map(field => {
      const at = field.indexOf(': ')
      assert.ok(at > 0, field)
      return [field.slice(0, at).toLowerCase(), field.slice(at + 2)]
    })
  )
  if (status === '100') return readAnswers(rest)
  const length = Number(headers['content-length'] ?? Number.NaN)
  assert.ok(rest.length >= length, `${rest.length} of ${length} bytes came`)
  const body = Buffer.from(rest.slice(0, length), 'latin1').toString()
  return [{ status: Number(status), headers, body }, ...readAnswers(rest.slice(length))]
}
