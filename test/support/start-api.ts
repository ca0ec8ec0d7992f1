import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

import type { Lifetime } from './lifetime.ts'
import { startUpstream } from './start-upstream.ts'

/** A request to the API. */
export type ApiCall = {
  readonly method: string
  /** Path and query as they came. */
  readonly url: string
  readonly headers: IncomingMessage['headers']
  /** Blank for none. */
  readonly body: string
}

/**
 * An answer of the API: a status (default 200) with JSON text, a JSON value or no body; or a function that
 * writes the response.
 */
export type ApiAnswer =
  | {
      readonly status?: number
      readonly headers?: { readonly [name: string]: string }
      readonly json?: unknown
      readonly text?: string
    }
  | ((call: ApiCall, response: ServerResponse) => void)

export type StartedApi = {
  /** Without a slash at its end. */
  readonly url: string
  /** URL of its OpenAPI document, which every path that ends in `.yaml` serves. */
  readonly documentUrl: string
  /** All calls except fetches of the document, in order. */
  readonly calls: readonly ApiCall[]
  /** Fetches of the document, in order. */
  readonly fetches: readonly ApiCall[]
  /** Queues answers for the next calls. A call without an answer gets a 500. */
  answer(...answers: readonly ApiAnswer[]): void
  /** Returns the calls since the last time, as `METHOD /path?query body`. */
  takeCalls(): string[]
  /** Replaces the document by a text or a handler. */
  publish(document: string | RequestListener): void
}

/** Starts an API on a free port that records its calls and serves its document, until the test ends. */
export async function startApi(
  t: Lifetime,
  document: string | RequestListener
): Promise<StartedApi> {
  const calls: ApiCall[] = []
  const fetches: ApiCall[] = []
  const answers: ApiAnswer[] = []
  let published = document
  let taken = 0

  const url = await startUpstream(t, async (request, response) => {
    const { method = '', url: path = '', headers } = request
    const call = { method, url: path, headers, body: await text(request) }
    if (/\.yaml($|\?)/.test(path)) {
      fetches.push(call)
      if (typeof published !== 'string') return published(request, response)
      response.writeHead(200, { 'content-type': 'application/yaml' }).end(published)
      return
    }
    calls.push(call)
    const answer = answers.shift() ?? { status: 500, json: { message: 'no answer was given' } }
    if (typeof answer === 'function') answer(call, response)
    else write(answer, response)
  })
  return {
    url,
    documentUrl: `${url}/openapi.yaml`,
    calls,
    fetches,
    answer: (...more) => {
      answers.push(...more)
    },
    takeCalls: () => {
      const fresh = calls.slice(taken)
      taken = calls.length
      return fresh.map(callLine)
    },
    publish: next => {
      published = next
    }
  }
}

function callLine({ method, url, body }: ApiCall): string {
  return body === '' ? `${method} ${url}` : `${method} ${url} ${body}`
}

function write(answer: Exclude<ApiAnswer, (...given: never) => void>, response: ServerResponse) {
  const { status = 200, headers = {}, json } = answer
  const body = answer.text ?? (json === undefined ? '' : JSON.stringify(json))
  const type = body === '' ? {} : { 'content-type': 'application/json' }
  response.writeHead(status, { ...type, ...headers }).end(body)
}
