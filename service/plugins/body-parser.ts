import { isUtf8 } from 'node:buffer'

import type { FastifyInstance, FastifyRequest } from 'fastify'
import Type from 'typebox'

import { VALUE_BYTES } from '../base/byte-budget.ts'
import { withoutMark } from '../base/bytes.ts'
import { isJsonMediaType } from '../base/media-type.ts'
import type { JsonReading } from '../base/read-json.ts'
import { isShortJson, JsonBoundError, MEMBERS_MAX, startJson } from '../base/read-json.ts'
import { ConnectorError } from '../errors.ts'
import type { Settings } from '../settings.ts'
import { createTurns, inTurns } from '../time/turns.ts'
import type { DoorCredentials } from './door.ts'
import { dropUnknown } from './known-members.ts'
import type { Pressure } from './shedding.ts'
import { isFlowRoute } from './shedding.ts'
import type { BodyReader } from './read-body.ts'
import { createBodyReader } from './read-body.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route takes the bytes of any body as they are. Default false. */
    takesText?: boolean
  }
}

/** A longer body is read in turns of the event loop, and loses the members that nobody reads. */
const LONG_BYTES = 64 * 1024

/** A body is read to its end, unless its connection is closed. */
const NEVER = new AbortController().signal

type BodySettings = DoorCredentials &
  Pick<
    Settings,
    'REQUEST_MAX_BYTES' | 'REQUEST_MAX_DEPTH' | 'REQUEST_MAX_VALUES' | 'BODIES_MAX_BYTES'
  >

/**
 * Parses bodies as JSON in UTF-8, whatever charset the content type names (RFC 8259 8.1, 11), and also
 * without a content type. An empty body is null. Numbers lose no digits of a flow's values, which the
 * platform sends as text (docs/protocol.md#values).
 *
 * Answers BODY_NOT_JSON, BODY_TOO_LARGE, BODY_TOO_DEEP, BODY_TOO_MANY_VALUES, and BODIES_FULL while the bodies
 * of other requests take all that they may.
 *
 * @param pressure The problem of the service's load; null for none. It is asked once the body is there.
 */
export function addBodyParser(
  app: FastifyInstance,
  settings: BodySettings,
  pressure: Pressure
): void {
  const bounds = { values: settings.REQUEST_MAX_VALUES, depth: settings.REQUEST_MAX_DEPTH }
  const reader = createBodyReader(app, settings)

  function parse(request: FastifyRequest, pieces: readonly Buffer[]): unknown {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
    if (length === 0) return null
    const { config } = request.routeOptions
    const type = request.headers['content-type']
    const mustBeJson = config.takesText !== true
    if (mustBeJson && type !== undefined && !isJsonMediaType(type)) {
      throw new ConnectorError('BODY_NOT_JSON')
    }
    const overload = isFlowRoute(config) ? pressure() : null
    if (overload !== null) throw overload
    if (!mustBeJson) return Buffer.concat(pieces, length)
    if (length > LONG_BYTES) return parseLong(request, pieces, length)
    const [only] = pieces
    const bytes = only?.length === length ? only : Buffer.concat(pieces, length)
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (isShortJson(text, bounds)) return JSON.parse(text)
    const reading = startJson(withoutMark(bytes), bounds, JSON.parse)
    while (!reading.step());
    return reading.result()
  }

  async function parseLong(
    request: FastifyRequest,
    pieces: readonly Buffer[],
    length: number
  ): Promise<unknown> {
    const turns = createTurns(NEVER)
    const bytes = Buffer.allocUnsafe(length)
    let piece = 0
    let at = 0
    await inTurns(turns, () => {
      at += pieces[piece]?.copy(bytes, at) ?? 0
      return ++piece === pieces.length
    })
    if (!isUtf8(bytes)) throw new ConnectorError('BODY_NOT_JSON')
    const reading = startJson(withoutMark(bytes), bounds, JSON.parse)
    await inTurns(turns, () => isGone(request) || takeStep(reader, request, reading))
    if (isGone(request)) throw new ConnectorError('REQUEST_MALFORMED')
    const body = reading.result()
    const schema = request.routeOptions.schema?.body
    if (Type.IsSchema(schema)) await inTurns(turns, dropUnknown(schema, body))
    restartSilence(request)
    return body
  }

  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (request: FastifyRequest, _, done) => {
    const fail = (error: unknown): void => done(problemOf(error, bounds))
    reader.read(request, (error, pieces) => {
      if (error !== null) return fail(error)
      if (request.is404) return done(null, null)
      try {
        const body = parse(request, pieces)
        if (body instanceof Promise) body.then(value => done(null, value), fail)
        else done(null, body)
      } catch (failure) {
        fail(failure)
      }
    })
  })
}

function isGone({ raw }: FastifyRequest): boolean {
  return raw.socket.destroyed
}

/** Work on a body is no silence of its connection, whose time-out counts from the last byte. */
function restartSilence({ raw: { socket } }: FastifyRequest): void {
  socket.setTimeout(socket.timeout ?? 0)
}

/** Reads more of a body, whose values count against the bytes of bodies before they are made. */
function takeStep(reader: BodyReader, request: FastifyRequest, reading: JsonReading): boolean {
  const before = reading.count()
  const isDone = reading.step()
  restartSilence(request)
  reader.take(request, (reading.count() - before) * VALUE_BYTES)
  return isDone
}

function problemOf(
  error: unknown,
  { depth, values }: { readonly depth: number; readonly values: number }
): Error {
  if (error instanceof JsonBoundError) {
    if (error.bound === 'depth') return new ConnectorError('BODY_TOO_DEEP', { limit: depth })
    return error.bound === 'values'
      ? new ConnectorError('BODY_TOO_MANY_VALUES', { limit: values, what: 'values' })
      : new ConnectorError('BODY_TOO_MANY_VALUES', {
          limit: MEMBERS_MAX,
          what: 'members in one object'
        })
  }
  // Neither JSON nor UTF-8.
  const isMalformed = error instanceof SyntaxError || error instanceof TypeError
  if (isMalformed) return new ConnectorError('BODY_NOT_JSON')
  return error instanceof Error ? error : new Error('a body could not be read')
}
