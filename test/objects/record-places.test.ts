import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JsonObject, JsonValue } from '../../service/base/json.ts'
import { member } from '../../service/base/json.ts'
import { judgeAnswer } from '../../service/objects/judge-answer.ts'
import { compile, typeNamed } from '../support/compile.ts'

/** An object schema of these properties. */
const object = (properties: JsonObject): JsonObject => ({ type: 'object', properties })
const TEXT = { type: 'string' }
const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` })
const list = (items: JsonObject): JsonObject => ({ type: 'array', items })

const ROWS = [
  { id: 'a1', name: 'A', status: 'open' },
  { id: 'b2', name: 'B', status: 'closed' }
]

/** Where the list stands, and what is around each object; `map` for a map by id. */
const PLACES = ['data', 'things', 'result.list', 'a.b.c.d', '_embedded.ea:things', 'd.results']
const WRAPS = [null, '_source', 'node', 'map']

/** What stands beside the list, and its schema. */
const SIBLINGS: { readonly [name: string]: readonly [value: JsonValue, schema: JsonObject] } = {
  none: [null, TEXT],
  links: [[{ rel: 'self', href: '/x' }], list(object({ rel: TEXT, href: TEXT }))],
  facets: [[{ name: 'open', count: 3 }], list(object({ name: TEXT, count: { type: 'integer' } }))],
  owners: [[{ id: 'u1', name: 'Ann', email: 'x' }], list(ref('User'))],
  errors: [[], list(object({ id: TEXT, message: TEXT }))],
  included: [[{ id: 'i1', name: 'other' }], list({})],
  meta: [{ id: 'req-1', total: 2 }, object({ id: TEXT, total: { type: 'integer' } })],
  id: ['req-1', TEXT],
  name: ['Listing', TEXT],
  user: [{ id: 'u1', name: 'Ann', email: 'x' }, ref('User')],
  archived: [[{ id: 'z', name: 'Z', status: 'old' }], list(ref('Thing'))]
}

/** How the document describes the objects, and what it makes of the schema of the answer. */
const FORMS: {
  readonly [name: string]: readonly [item: JsonObject, answer: (schema: JsonObject) => JsonObject]
} = {
  reference: [ref('Thing'), schema => schema],
  'in place': [object({ id: TEXT, name: TEXT, status: TEXT }), schema => schema],
  'in part': [object({ id: TEXT, name: TEXT }), schema => schema],
  open: [{ type: 'object' }, schema => schema],
  anything: [{}, schema => schema],
  'or error': [ref('Thing'), schema => ({ oneOf: [schema, object({ message: TEXT })] })],
  combined: [ref('Thing'), schema => ({ allOf: [object({ total: { type: 'integer' } }), schema] })],
  'no schema': [{}, () => ({})],
  'an object': [{}, () => ({ type: 'object' })]
}

/** The schemas of what surely has objects of the type, so that `archived` beside it is another list of it. */
const SURE = ['reference', 'or error', 'combined', 'no schema', 'an object']

function idsIn(schema: JsonObject, body: JsonValue): string {
  const document = {
    openapi: '3.0.3',
    info: { title: 'Things', version: '1' },
    paths: {
      '/things': {
        get: {
          responses: { 200: { description: 'ok', content: { 'application/json': { schema } } } }
        }
      }
    },
    components: {
      schemas: {
        Thing: {
          ...object({ id: TEXT, name: TEXT, status: TEXT }),
          'x-flow-type': { name: 'Thing' },
          'x-flow-query': { path: '/things' }
        },
        User: object({ id: TEXT, name: TEXT, email: TEXT })
      }
    }
  }
  const model = compile(JSON.stringify(document))
  const mapping = model.mappings['query:Thing']
  const endpoint = model.endpoints['GET /things']
  assert.ok(mapping && endpoint)
  const asked = { mapping, endpoint, type: typeNamed(model, 'Thing') }
  const { is, values } = judgeAnswer(asked, { status: 200, body })
  if (is === 'unexpected' || is === 'refusal') return 'problem'
  return values.map(value => member(value, 'id')).join()
}

for (const [form, [item, answer]] of Object.entries(FORMS)) {
  test(`W3 the objects of a list are found, or a problem says that they are not: schema ${form}`, () => {
    const counts = { exact: 0, problem: 0 }
    for (const place of PLACES) {
      for (const wrap of WRAPS) {
        for (const [name, [value, sibling]] of Object.entries(SIBLINGS)) {
          if (name === 'archived' && !SURE.includes(form)) continue
          for (const rows of [ROWS, ROWS.slice(0, 1), []]) {
            const items = wrap === null ? item : object({ score: { type: 'number' }, [wrap]: item })
            const schema =
              wrap === 'map' ? { type: 'object', additionalProperties: item } : list(items)
            const held: JsonValue =
              wrap === 'map'
                ? Object.fromEntries(rows.map(row => [row.id, row]))
                : rows.map(row => (wrap === null ? row : { score: 1, [wrap]: row }))
            const [first = '', ...inner] = place.split('.')
            const around = inner.reduceRight<JsonObject>(
              (below, key) => object({ [key]: below }),
              schema
            )
            const inside = inner.reduceRight<JsonValue>((below, key) => ({ [key]: below }), held)
            const shown = answer(object({ [first]: around, [name]: sibling }))
            const got = idsIn(shown, { [first]: inside, [name]: value })
            const what = JSON.stringify({ place, wrap, name, rows: rows.length })
            const expected = rows.map(({ id }) => id).join()
            if (got !== 'problem') assert.equal(got, expected, what)
            counts[got === 'problem' ? 'problem' : 'exact']++
          }
        }
      }
    }
    const total = counts.exact + counts.problem
    // Lists of two types that look alike are a problem, as they should be.
    assert.ok(counts.exact / total > 0.6, JSON.stringify(counts))
  })
}
