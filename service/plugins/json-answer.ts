import type { FastifyReply } from 'fastify'

/** Gives back JSON text in UTF-8 as the answer of a handler, with its media type. */
export function jsonAnswer(reply: Pick<FastifyReply, 'type'>, text: Uint8Array): Uint8Array {
  reply.type('application/json; charset=utf-8')
  return text
}
