import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:net'

import type { FastifyInstance } from 'fastify'

import { LOOPBACK } from '../net/public-address.ts'

/** How Node's HTTP server accepts connections. */
const ACCEPTING = { allowHalfOpen: true, noDelay: true }

/** A service that listens. */
export type Listening = {
  readonly address: AddressInfo
  /** Resolves when the service is closed and the connections to its further addresses have ended. */
  ended(): Promise<unknown>
}

/**
 * Listens at all addresses of `localhost`, and at one address of any other host. All connections belong to the one
 * HTTP server of the service, with its limits: Fastify itself would make another server for each further address.
 *
 * @param loopback The addresses of `localhost` (RFC 6761 6.3).
 * @throws an Error with a system `code` when it cannot listen at the first address; others may be missing.
 */
export async function listen(
  app: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
  loopback: readonly string[] = LOOPBACK
): Promise<Listening> {
  const [first = host, ...others] = host === 'localhost' ? loopback : [host]
  const servers = others.map(() => createServer(ACCEPTING, given => inject(app, given)))
  app.addHook('preClose', async () => {
    for (const server of servers) server.close()
  })
  await app.listen({ host: first, port })
  const address = app.server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  const ends = servers.map(server => new Promise(resolve => server.once('close', resolve)))
  for (const [index, server] of servers.entries()) {
    const further = { host: others[index], port: address.port }
    try {
      await once(server.listen(further), 'listening')
    } catch (error) {
      app.log.warn({ err: error, host: further.host }, 'an address cannot be listened at')
      server.emit('close')
    }
  }
  return { address, ended: () => Promise.all(ends) }
}

/** Gives a connection to the HTTP server of the service. */
function inject({ server }: FastifyInstance, socket: Socket): void {
  server.emit('connection', socket)
}
