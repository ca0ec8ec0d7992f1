import type { FastifyReply } from 'fastify'

/** Answers with JSON that is written already. */
export function asJson(reply: FastifyReply, written: Buffer): Buffer {
  reply.type('application/json; charset=utf-8')
  return written
}
