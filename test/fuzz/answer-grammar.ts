import type { JsonObject } from '../../service/base/json.ts'
import { growBulk } from './bulk-grammar.ts'
import type { Chooser } from './chooser.ts'
import type { GrownDocument } from './document-grammar.ts'
import { growValue } from './value-grammar.ts'

const STATUSES = [
  200, 200, 200, 200, 200, 201, 202, 204, 207, 303, 400, 404, 409, 412, 422, 429, 500
] as const

/** One of so many answers is as large as may be. */
const BULK = 15

export type Written = {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string
}

/** Grows the answer of the API of a document to a call, with mistakes now and then. */
export function growAnswer(
  chooser: Chooser,
  grown: GrownDocument,
  method: string,
  url: string
): Written {
  const { pick, once } = chooser
  const [, type = '', id] = /\/(T\d+)(\/)?/.exec(url) ?? []
  const operation = `${method.toLowerCase()} /${type}${id === undefined ? '' : '/{id}'}`
  const schemas: { readonly [name: string]: JsonObject } = grown.schemas
  const value = growValue(chooser, grown.answers[operation], schemas)
  const json = once(BULK) ? growBulk(chooser, rowOf(value)) : JSON.stringify(value)
  return {
    status: pick(STATUSES),
    headers: {
      'content-type': pick([
        'application/json',
        'text/plain',
        'text/html',
        'application/json; charset=odd'
      ]),
      ...(once(3) && { etag: pick(['"1"', 'W/"\xe9"', '']) }),
      ...(once(4) && { location: pick([`/v1/${type}/7`, '//', 'http://%', '?', '']) }),
      ...(once(5) && {
        link: pick(['</v1/next>; rel="next"', '<', `<${url}>; rel=next`, '<http://[>; rel=next'])
      }),
      ...(once(8) && { 'retry-after': pick(['0', 'x', '-1']) }),
      ...(once(8) && { 'x-next': pick(['2', '\xff', '']) })
    },
    body: once(20) ? json.slice(0, json.length / 2) : json
  }
}

/** Some object of an answer, as JSON text. */
function rowOf(value: unknown): string {
  return Array.isArray(value) ? JSON.stringify(value[0] ?? {}) : '{"id":"1","name":"n"}'
}
