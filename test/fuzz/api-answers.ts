import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

import fc from 'fast-check'

import type { JsonValue } from '../../service/base/json.ts'
import { hostileText } from './hostile-values.ts'
import { plain } from './schema-arbitrary.ts'

/** What the API does with one call. */
export type FuzzedAnswer =
  | { readonly does: 'answer'; readonly status: number; readonly json: JsonValue }
  | {
      readonly does: 'write'
      readonly status: number
      readonly type: string
      readonly text: string
    }
  | { readonly does: 'repeat'; readonly status: number }
  | { readonly does: 'page' }
  | { readonly does: 'break' }
  | { readonly does: 'cut' }

const status = fc.constantFrom(
  200,
  200,
  200,
  201,
  204,
  206,
  302,
  400,
  401,
  403,
  404,
  409,
  412,
  429,
  500,
  503,
  599
)

const scalar = fc.oneof(hostileText, fc.integer(), fc.boolean(), fc.constant(null), fc.double())

const record: fc.Arbitrary<JsonValue> = fc
  .dictionary(
    fc.constantFrom(
      'id',
      'name',
      'status',
      'items',
      'data',
      'next',
      'tags',
      '__proto__',
      'error',
      'message'
    ),
    fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.jsonValue({ maxDepth: 2 })),
    { maxKeys: 6 }
  )
  .map(plain)

export const fuzzedAnswer: fc.Arbitrary<FuzzedAnswer> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      does: fc.constant('answer' as const),
      status,
      json: fc.oneof(
        fc.array(record, { maxLength: 4 }),
        record,
        record.map(data => ({ data: [data], next: '/more', error: data })),
        fc.jsonValue({ maxDepth: 3 }).map(plain)
      )
    })
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('write' as const),
      status,
      type: fc.constantFrom(
        'text/html',
        'application/json',
        'application/json; charset=x',
        'nonsense',
        ''
      ),
      text: fc.oneof(
        hostileText,
        fc.constant('[{"id": 1'),
        fc.constant('[1e400, 12345678901234567890]')
      )
    })
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('repeat' as const), status }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('page', 'break', 'cut') }) }
)

/** Answers calls with what is next; objects when there is nothing more to say. */
export function answerFuzzed(next: () => FuzzedAnswer | undefined): RequestListener {
  return (request, response) => {
    request.resume()
    const answer = next() ?? { does: 'answer', status: 200, json: [{ id: '1', name: 'a' }] }
    write(answer, request, response)
  }
}

function write(answer: FuzzedAnswer, request: IncomingMessage, response: ServerResponse): void {
  switch (answer.does) {
    case 'answer':
      response.writeHead(answer.status, { 'content-type': 'application/json', etag: '"1"' })
      response.end(JSON.stringify(answer.json))
      break
    case 'write':
      response.writeHead(answer.status, {
        ...(answer.type !== '' && { 'content-type': answer.type })
      })
      response.end(answer.text)
      break
    case 'repeat': {
      // An API that tells everything it was sent, its credentials among it.
      const { method, url, headers } = request
      response.writeHead(answer.status, { 'content-type': 'application/json', 'x-echo': url ?? '' })
      response.end(JSON.stringify({ message: `${method} ${url}`, headers }))
      break
    }
    case 'page':
      response.writeHead(200, { 'content-type': 'application/json', link: '</again>; rel="next"' })
      response.end('[{"id": 1}, {"id": 1}]')
      break
    case 'break':
      response.writeHead(200, { 'content-length': '100' }).write('[{"id": ')
      response.socket?.destroy()
      break
    case 'cut':
      response.socket?.destroy()
      break
    default:
      answer satisfies never
  }
}
