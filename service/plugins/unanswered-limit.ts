import type { FastifyInstance } from 'fastify'

/** Requests of one connection that may be unanswered. The platform sends one after the other. */
const UNANSWERED_MAX = 16

/** Requests of a connection that are not answered yet, and whether there were too many. */
type Unanswered = { count: number; isOver: boolean }

/**
 * Closes a connection on which more than 16 requests wait for an answer (RFC 9112 9.3.2), once these are answered; no
 * further ones are. Node hands all requests that have arrived to their handler at once, and thousands of short ones may
 * arrive in one piece.
 *
 * While the service stops, closes each connection once its requests are answered. Only those that are idle when the
 * stop begins are closed without it.
 */
export function addUnansweredLimit(app: FastifyInstance): void {
  const { server } = app
  let isStopping = false
  app.addHook('preClose', async () => {
    isStopping = true
  })
  const connections = new WeakMap<object, Unanswered>()
  const handlers = server.listeners('request')
  server.removeAllListeners('request')
  server.on('request', (request, response) => {
    const { socket } = request
    const unanswered = connections.get(socket) ?? { count: 0, isOver: false }
    connections.set(socket, unanswered)
    if (unanswered.isOver || unanswered.count === UNANSWERED_MAX) {
      unanswered.isOver = true
      socket.pause()
      return
    }
    unanswered.count++
    response.once('close', () => {
      unanswered.count--
      const isLast = unanswered.isOver || isStopping
      if (isLast && unanswered.count === 0) socket.destroySoon()
    })
    for (const handle of handlers) handle.call(server, request, response)
  })
}
