import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

import type { FastifyReply, FastifyRequest } from 'fastify'

import type { ObjectsWriter } from '../protocol/write-flow-objects.ts'
import { createTurns, inTurns } from '../time/turns.ts'

import type { PackedJson } from '../model/packed-model.ts'
import type { JsonPieces } from '../protocol/describe.ts'

/** Bytes that are written in one iteration of the event loop, and at most held for a caller who reads slowly. */
const SLICE_BYTES = 64 * 1024

/**
 * Bytes that are unpacked at a time, and at most held for a caller who reads slowly. Smaller pieces take three times
 * as long, because each goes through the thread pool.
 */
const UNPACKED_BYTES = 256 * 1024

/**
 * Returns serialized JSON as a handler's answer. A large answer is written in slices as fast as the caller reads
 * it, and packed pieces are unpacked no faster.
 *
 * @param json In UTF-8.
 */
export function jsonAnswer(reply: FastifyReply, json: Buffer | JsonPieces): Buffer | Readable {
  reply.type('application/json; charset=utf-8')
  const isWhole = Buffer.isBuffer(json)
  if (isWhole && json.length <= SLICE_BYTES) return json
  const pieces = isWhole ? [json] : json
  reply.header(
    'content-length',
    pieces.reduce((sum, { length }) => sum + length, 0)
  )
  return Readable.from(slices(pieces))
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

async function* slices(pieces: JsonPieces): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if ('gzip' in piece) yield* unpacked(piece)
    else yield* cut(piece)
  }
}

function* cut(piece: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < piece.length; at += SLICE_BYTES) yield piece.subarray(at, at + SLICE_BYTES)
}

function unpacked({ gzip }: PackedJson): AsyncIterable<Uint8Array> {
  const stream = createGunzip({ chunkSize: UNPACKED_BYTES })
  stream.end(gzip)
  return stream
}
