import assert from 'node:assert/strict'

import { Ajv } from 'ajv'

import { type JsonValue, isJsonArray, isJsonObject, member } from '../../service/base/json.ts'
import published from './platform-schemas.json' with { type: 'json' }

/** Schemas that the platform publishes of what connectors answer. */
type PlatformSchema = keyof typeof published.components.schemas

const ajv = new Ajv({
  strict: false,
  formats: { int32: true, uuid: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i }
})
ajv.addSchema({ $id: 'platform', components: lenient(published.components) })

/**
 * Asserts that the members of an answer have the types and the nullability of the platform's published
 * schemas. Unpublished and missing members are allowed.
 */
export function assertFitsPlatform(schema: PlatformSchema, answer: unknown): void {
  const check = ajv.getSchema(`platform#/components/schemas/${schema}`)
  assert.ok(check, `there is no platform schema ${schema}`)
  assert.ok(check(answer), `${schema}: ${ajv.errorsText(check.errors)}`)
}

/** Asserts it for each part of a describe answer, which is not published as a whole. */
export function assertDescriptionFitsPlatform(answer: JsonValue): void {
  for (const value of listIn(answer, 'configurationValues'))
    assertFitsPlatform('DescribeValueAPI', value)
  for (const action of listIn(answer, 'actions')) {
    assertFitsPlatform('DescribeServiceActionResponseAPI', action)
  }
  for (const type of listIn(member(answer, 'install'), 'typeElements')) {
    assertFitsPlatform('TypeElementRequestAPI', type)
  }
}

/** Asserts it for a problem; its published `kind` is the form of the platform's own listing. */
export function assertProblemFitsPlatform(answer: JsonValue): void {
  assert.ok(isJsonObject(answer))
  const { kind, ...rest } = answer
  assert.ok(kind === 'service' || kind === 'api', `kind is ${JSON.stringify(kind)}`)
  assertFitsPlatform('ServiceProblem', rest)
}

function listIn(value: JsonValue | undefined, key: string): readonly JsonValue[] {
  const list = member(value, key)
  assert.ok(isJsonArray(list ?? null), `${key} is a list`)
  return isJsonArray(list) ? list : []
}

/**
 * The published schemas without two artefacts of their generator: closed objects, and references to objects
 * that could not be null.
 */
function lenient(schema: JsonValue): JsonValue {
  if (isJsonArray(schema)) return schema.map(item => lenient(item))
  if (!isJsonObject(schema)) return schema
  if (typeof schema.$ref === 'string' && !schema.$ref.endsWith('/ProblemKind')) {
    return { anyOf: [{ $ref: schema.$ref }, { type: 'null' }] }
  }
  const open = Object.entries(schema).filter(
    ([key, value]) => key !== 'additionalProperties' || value !== false
  )
  return Object.fromEntries(open.map(([key, value]) => [key, lenient(value)]))
}
