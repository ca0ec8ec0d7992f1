import type { AddressInfo } from 'node:net'
import type { RequestListener, Server } from 'node:http'
import type { ServerOptions } from 'node:https'
import type { Server as NetServer, Socket } from 'node:net'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createNetServer } from 'node:net'

import type { Lifetime } from './lifetime.ts'
import { endWith } from './lifetime.ts'

/** Starts an HTTP server until the test ends. Returns its base URL, without a slash. */
export async function startUpstream(t: Lifetime, handler: RequestListener): Promise<string> {
  const server = createServer(handler)
  endWith(t, () => closed(server))
  return `http://127.0.0.1:${await listening(server)}`
}

/** A self-signed certificate for 127.0.0.1 and its key. */
export const SELF_SIGNED = readFileSync(new URL('self-signed.pem', import.meta.url), 'utf8')

/** Starts an HTTPS server with the self-signed certificate. */
export function startSelfSignedUpstream(t: Lifetime, handler: RequestListener): Promise<string> {
  return startTlsUpstream(t, { key: SELF_SIGNED, cert: SELF_SIGNED }, handler)
}

/** Starts an HTTPS server. */
export async function startTlsUpstream(
  t: Lifetime,
  options: ServerOptions,
  handler: RequestListener
): Promise<string> {
  const server = createTlsServer(options, handler)
  endWith(t, () => closed(server))
  return `https://127.0.0.1:${await listening(server)}`
}

/** Starts a TCP server, for behaviour that HTTP servers do not have. Returns its host and port. */
export async function startSocketServer(
  t: Lifetime,
  onSocket: (socket: Socket) => void
): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createNetServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    onSocket(socket)
  })
  endWith(t, () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `127.0.0.1:${await listening(server)}`
}

/** Ports that no system gives to who asks for any free port, and no egress rule refuses. */
const OWN_PORTS = { min: 12_000, max: 27_000 }

/** A host and port that refuses connections, and that nobody takes who asks for any free port. */
export async function closedPort(): Promise<string> {
  for (;;) {
    const server = createNetServer()
    const port = randomInt(OWN_PORTS.min, OWN_PORTS.max)
    try {
      await listening(server, port)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') continue
      throw error
    }
    server.close()
    await once(server, 'close')
    return `127.0.0.1:${port}`
  }
}

async function listening(server: NetServer, wanted = 0): Promise<number> {
  server.listen(wanted, '127.0.0.1')
  await once(server, 'listening')
  const address: AddressInfo | string | null = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return address.port
}

function closed(server: Server): void {
  server.closeAllConnections()
  server.close()
}
