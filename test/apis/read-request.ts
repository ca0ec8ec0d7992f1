import type { FastifyRequest } from 'fastify'

import { isJsonObject, type JsonObject } from '../../service/base/json.ts'

/** The object in a JSON body; empty for any other body. */
export function jsonBody({ body, headers }: FastifyRequest): JsonObject {
  const isJson = headers['content-type'] === 'application/json' && typeof body === 'string'
  const value: unknown = isJson ? JSON.parse(body) : {}
  return isJsonObject(value) ? value : {}
}

/** The parameters of the query. */
export function queryOf({ url }: FastifyRequest): URLSearchParams {
  return new URL(url, 'http://x').searchParams
}
