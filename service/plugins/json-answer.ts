import { Readable } from 'node:stream'

import type { FastifyReply, FastifyRequest } from 'fastify'

import type { ObjectsWriter } from '../protocol/write-flow-objects.ts'
import { createTurns, inTurns } from '../time/turns.ts'

/** Bytes that are written in one iteration of the event loop. */
const SLICE_BYTES = 256 * 1024

/**
 * Returns serialized JSON as a handler's answer. Pieces are streamed, so that a large answer is neither
 * copied nor written at once.
 *
 * @param json In UTF-8.
 */
export function jsonAnswer(
  reply: FastifyReply,
  json: Buffer | readonly Uint8Array[]
): Buffer | Readable {
  reply.type('application/json; charset=utf-8')
  if (Buffer.isBuffer(json)) return json
  reply.header(
    'content-length',
    json.reduce((sum, { length }) => sum + length, 0)
  )
  return Readable.from(slices(json))
}

/** The objects of an answer, of which many are written in turns of the event loop. */
export function objectsAnswer(
  { deadline }: FastifyRequest,
  reply: FastifyReply,
  writer: ObjectsWriter
): Buffer | Readable | Promise<Buffer | Readable> {
  if (deadline === null) throw new TypeError('the route is not a flow route')
  const writing = inTurns(createTurns(deadline.signal), writer.step)
  const answer = (): Buffer | Readable => {
    const [only, second] = writer.pieces
    return jsonAnswer(reply, only !== undefined && second === undefined ? only : writer.pieces)
  }
  return writing === undefined ? answer() : writing.then(answer)
}

function* slices(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += SLICE_BYTES) {
      yield piece.subarray(at, at + SLICE_BYTES)
    }
  }
}
