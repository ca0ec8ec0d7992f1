import type { FastifyInstance } from 'fastify'

/** Requests of one connection that may be unanswered. The platform sends one after the other. */
const UNANSWERED_MAX = 16

/**
 * Closes a connection on which more than 16 requests wait for an answer (RFC 9112 9.3.2). Node hands all requests that
 * have arrived to their handler at once, and thousands of short ones may arrive in one piece.
 */
export function addUnansweredLimit({ server }: FastifyInstance): void {
  const unanswered = new WeakMap<object, number>()
  const handlers = server.listeners('request')
  server.removeAllListeners('request')
  server.on('request', (request, response) => {
    const { socket } = request
    // What came together with the request that was one too many.
    if (socket.destroyed) return
    const count = (unanswered.get(socket) ?? 0) + 1
    unanswered.set(socket, count)
    if (count > UNANSWERED_MAX) {
      socket.destroy()
      return
    }
    response.once('close', () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1))
    for (const handle of handlers) handle.call(server, request, response)
  })
}
