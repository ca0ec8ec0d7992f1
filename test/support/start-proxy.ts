import { createServer, request as send } from 'node:http'
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { endWith } from './lifetime.ts'

export type StartedProxy = {
  /** For `EGRESS_PROXY`. */
  readonly url: string
  /** Its requests, as `CONNECT api.example:443` or `GET http://api.example/`. */
  readonly asked: readonly string[]
  /** The last `Proxy-Authorization`; undefined for none. */
  credential(): string | undefined
}

/**
 * Starts an HTTP proxy on a free port (RFC 9110 7.6 and 9.3.6), until the test ends. It connects to this
 * machine for every host, at the requested port.
 *
 * @param refusal Status with which it refuses every request.
 */
export async function startProxy(t: TestContext, refusal?: number): Promise<StartedProxy> {
  const asked: string[] = []
  const sockets = new Set<Socket>()
  let credential: string | undefined
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    credential = request.headers['proxy-authorization']
    if (refusal !== undefined) return response.writeHead(refusal).end()
    const { port, pathname, search } = new URL(request.url ?? '')
    const { method, headers } = request
    const onward = send({ host: '127.0.0.1', port, path: pathname + search, method, headers })
    onward.on('response', answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    return request.pipe(onward)
  })
  server.on('connection', socket => {
    sockets.add(socket)
    socket.on('error', () => {})
  })
  server.on('connect', (request, socket: Socket) => {
    asked.push(`CONNECT ${request.url}`)
    credential = request.headers['proxy-authorization']
    if (refusal !== undefined) return socket.end(`HTTP/1.1 ${refusal} No\r\n\r\n`)
    const tunnel = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      tunnel.pipe(socket).pipe(tunnel)
    })
    sockets.add(tunnel)
    return tunnel.on('error', () => socket.destroy())
  })
  endWith(t, () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return { url: `http://127.0.0.1:${port}`, asked, credential: () => credential }
}
