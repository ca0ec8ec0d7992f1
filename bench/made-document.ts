import type { JsonObject } from '../service/base/json.ts'
import { createRandom, pick } from './seeded-random.ts'

const WORDS = ['order', 'invoice', 'branch', 'release', 'member', 'shipment', 'label'] as const
const TEXTS = [
  'Set by the server when the object is made, and never changed by it afterwards.',
  'What people see first. It may be blank, and is cut where it does not fit.',
  'Counted once a day, so that it may be behind what the list itself gives.'
] as const
const SCALARS: readonly [JsonObject, ...JsonObject[]] = [
  { type: 'string', example: 'sideways' },
  { type: 'string', format: 'date-time', nullable: true },
  { type: 'integer', example: 42 },
  { type: 'number' },
  { type: 'boolean', default: false }
]
const PROPERTIES = 18

/**
 * Generates an OpenAPI document of at least so many bytes: schemas that refer to each other, with paths for
 * lists and items, and about as many descriptions and examples as GitHub's. Deterministic, and different for
 * each seed.
 */
export function makeDocument(seed: number, bytes: number): JsonObject {
  const random = createRandom(seed)
  const paths: Record<string, JsonObject> = {}
  const schemas: Record<string, JsonObject> = {}
  for (let size = 0, index = 0; size < bytes; index++) {
    const name = `${pick(random, WORDS)}-${index}`
    const schema = makeSchema(random, name, Object.keys(schemas).at(-1))
    const entries = makePaths(random, name)
    schemas[name] = schema
    Object.assign(paths, entries)
    size += documentText({ ...entries, [name]: schema }).length
  }
  return {
    openapi: '3.0.3',
    info: { title: `Document ${seed}`, version: '1' },
    servers: [{ url: '/' }],
    paths,
    components: { schemas }
  }
}

/** Formats a document, indented by two. */
export function documentText(document: JsonObject): string {
  return JSON.stringify(document, null, 2)
}

function makeSchema(random: () => number, name: string, before: string | undefined): JsonObject {
  const scalars = Array.from({ length: PROPERTIES }, (_, index) => [
    `${pick(random, WORDS)}_${index}`,
    { ...pick(random, SCALARS), description: `The ${name}: ${pick(random, TEXTS)}` }
  ])
  const detail = {
    type: 'object',
    properties: { note: { type: 'string' }, size: { type: 'integer' } }
  }
  return {
    type: 'object',
    description: pick(random, TEXTS),
    properties: {
      id: { type: 'integer' },
      state: { type: 'string', enum: ['open', 'closed'] },
      labels: { type: 'array', items: { type: 'string' } },
      ...Object.fromEntries(scalars),
      detail,
      ...(before !== undefined && { parent: { $ref: `#/components/schemas/${before}` } })
    },
    required: ['id']
  }
}

function makePaths(random: () => number, name: string): Record<string, JsonObject> {
  const one = { $ref: `#/components/schemas/${name}` }
  const list = { type: 'array', items: one }
  const integer = { type: 'integer', maximum: 100 }
  const perPage = { name: 'per_page', in: 'query', schema: integer }
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'integer' } }
  const operation = (schema: JsonObject, parameters: JsonObject[]): JsonObject => ({
    description: Array.from({ length: 6 }, () => pick(random, TEXTS)).join('\n'),
    parameters,
    responses: {
      200: {
        description: 'What was asked for.',
        content: { 'application/json': { schema, examples: makeExamples(random, schema) } }
      }
    }
  })
  return {
    [`/${name}s`]: { get: operation(list, [perPage]) },
    [`/${name}s/{id}`]: { get: operation(one, [id]) }
  }
}

/** One example of a schema: an object, or a list of one. */
function makeExamples(random: () => number, { type }: JsonObject): JsonObject {
  const entries = Array.from({ length: PROPERTIES }, (_, index) => [
    `${pick(random, WORDS)}_${index}`,
    pick(random, TEXTS)
  ])
  const object = { id: 1, ...Object.fromEntries(entries) }
  return { default: { value: type === 'array' ? [object] : object } }
}
