import type { FastifyInstance, FastifyRequest } from 'fastify'

import type { Holding } from '../base/byte-budget.ts'
import { createByteBudget } from '../base/byte-budget.ts'
import { createOwner } from '../base/owner.ts'
import { ConnectorError } from '../errors.ts'
import type { Settings } from '../settings.ts'
import type { DoorCredentials } from './door.ts'
import { doorShare } from './door.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the body of the request has taken while it is under way; null before its first byte. */
    bodyBytes: Holding | null
  }
}

/** Gets the pieces of a body as they came: joining those of a long one takes long. */
type Taken = (error: Error | null, pieces: readonly Buffer[]) => void

/** Reads the bodies of requests. */
export type BodyReader = {
  /** Reads a body to its end. */
  read(request: FastifyRequest, done: Taken): void
  /**
   * Takes more bytes for what is made of a body.
   *
   * @throws ConnectorError `BODIES_FULL`
   */
  take(request: FastifyRequest, bytes: number): void
}

const NOTHING: readonly Buffer[] = []
const RETRY_AFTER_S = 2

type ReaderSettings = DoorCredentials & Pick<Settings, 'REQUEST_MAX_BYTES' | 'BODIES_MAX_BYTES'>

/**
 * Creates the reader of bodies. It counts bytes as they arrive, since a caller may announce more than it sends,
 * and frees them when the request has ended.
 */
export function createBodyReader(app: FastifyInstance, settings: ReaderSettings): BodyReader {
  const { REQUEST_MAX_BYTES, BODIES_MAX_BYTES } = settings
  const share = doorShare(settings)
  // The tenant of a request may be named in its body.
  const budget = createByteBudget({ limit: BODIES_MAX_BYTES, doorShare: share, tenantShare: 1 })
  app.decorateRequest('bodyBytes', null)
  // `onResponse` will not do: it is not called for a caller who hung up.
  app.addHook('preParsing', (request, { raw }, _, done) => {
    raw.once('close', () => {
      if (request.bodyBytes !== null) budget.giveBack(request.bodyBytes)
    })
    done()
  })

  /** Takes bytes; the problem where there are none left. */
  function refusalOf(request: FastifyRequest, bytes: number): ConnectorError | null {
    request.bodyBytes ??= { owner: createOwner(request.doorToken, ''), bytes: 0 }
    if (budget.take(request.bodyBytes, bytes)) return null
    const retry = { retryAfterSeconds: RETRY_AFTER_S }
    return new ConnectorError('BODIES_FULL', { limit: BODIES_MAX_BYTES }, retry)
  }

  function take(request: FastifyRequest, bytes: number): void {
    const refusal = refusalOf(request, bytes)
    if (refusal !== null) throw refusal
  }

  function read(request: FastifyRequest, done: Taken): void {
    const { raw: stream } = request
    const announced = Number(request.headers['content-length'])
    if (announced > REQUEST_MAX_BYTES) {
      done(tooLarge(), NOTHING)
      return
    }
    const chunks: Buffer[] = []
    let length = 0
    const end = (error: Error | null): void => {
      stream.off('data', onData)
      stream.off('end', onEnd)
      stream.off('error', onError)
      done(error, error === null ? chunks : NOTHING)
    }
    const onData = (chunk: Buffer): void => {
      length += chunk.length
      chunks.push(chunk)
      const refusal = length > REQUEST_MAX_BYTES ? tooLarge() : refusalOf(request, chunk.length)
      if (refusal !== null) end(refusal)
    }
    const onEnd = (): void => end(null)
    const onError = (): void => end(new ConnectorError('REQUEST_MALFORMED'))
    stream.on('data', onData)
    stream.on('end', onEnd)
    stream.on('error', onError)
    stream.resume()
  }

  function tooLarge(): ConnectorError {
    return new ConnectorError('BODY_TOO_LARGE', { limit: REQUEST_MAX_BYTES })
  }

  return { read, take }
}
