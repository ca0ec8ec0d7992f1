import type { Pointer } from '../../base/json-pointer.ts'
import { follow, pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, member, textMember } from '../../base/json.ts'
import type { UnlocatedDiagnostic } from '../../model/diagnostic.ts'
import type { ParsedDocument } from '../../parse/parse-document.ts'
import { walkDocument } from '../../parse/walk-document.ts'
import type { Compilation } from '../compilation.ts'
import { createCompilation } from '../compilation.ts'
import type { LocatedSchema } from '../schema/schema-view.ts'
import type { LocatedValue } from './judge-value.ts'
import { judgeValue } from './judge-value.ts'
import { readSerialized } from './value-kinds.ts'

/** How many values of all examples together are compared; further ones are not. */
const VALUES_MAX = 200_000

/** Members of which a Schema Object with an example has one. */
const SCHEMA_WORDS =
  'type $ref properties items allOf oneOf anyOf format enum additionalProperties nullable'.split(
    ' '
  )

/**
 * Compares every example of a document with its schema: those of media types, parameters, headers and schemas. Each
 * misfit is a diagnostic `EXAMPLE_UNFIT` at the value inside of the example.
 */
export function judgeExamples(document: ParsedDocument): readonly UnlocatedDiagnostic[] {
  const compilation = createCompilation(document)
  const bounds = { valuesLeft: VALUES_MAX }
  const trees = [{ value: compilation.root as JsonValue, at: '' }, ...compilation.parts]
  for (const { value, at } of trees) {
    walkDocument(value, at, (holder, where) => {
      for (const { example, due } of examplesOf(compilation, holder, where)) {
        // Others that are references are a diagnostic of their own.
        if (textMember(example.value, '$ref') !== undefined) continue
        const wholes = wholesOf(due.at, place => follow(value, place.slice(at.length)))
        for (const each of meantBy(compilation, holder, example, due)) {
          judgeValue(compilation, each, [due, ...wholes], bounds)
        }
      }
    })
  }
  return compilation.report.diagnostics.filter(({ code }) => code === 'EXAMPLE_UNFIT')
}

/** The schemas that a schema is a part or a choice of, from the inside. */
function wholesOf(
  at: Pointer,
  read: (place: Pointer) => JsonValue | undefined
): readonly LocatedSchema[] {
  const [, outer] = /^(.*)\/(?:allOf|oneOf|anyOf)\/\d+$/s.exec(at) ?? []
  const schema = outer === undefined ? undefined : read(outer)
  return outer === undefined || schema === undefined
    ? []
    : [{ schema, at: outer }, ...wholesOf(outer, read)]
}

/** The values that an example stands for: text of a parameter as it is sent, a list of rows of a type. */
function meantBy(
  compilation: Compilation,
  holder: JsonObject,
  { value, at }: LocatedValue,
  due: LocatedSchema
): readonly LocatedValue[] {
  const isSent =
    textMember(holder, 'in') !== undefined || /\/headers\/[^/]+$/.test(holderOf(due.at))
  if (isSent) return [{ value: readSerialized(compilation, value, due), at }]
  const isType = holder['x-flow-type'] !== undefined && holder.type !== 'array'
  return isType && isJsonArray(value)
    ? value.map((row, index) => ({ value: row, at: pointer(at, index) }))
    : [{ value, at }]
}

/** The place of the object that has a schema. */
function holderOf(at: Pointer): Pointer {
  return at.replace(/\/schema$/, '')
}

type JudgedExample = {
  readonly example: LocatedValue
  readonly due: LocatedSchema
}

/** The examples that an object has, with the schema of each. */
function examplesOf(compilation: Compilation, holder: JsonObject, at: Pointer): JudgedExample[] {
  const { example, examples, schema } = holder
  if (example === undefined && examples === undefined) return []
  const isSchema = schema === undefined && SCHEMA_WORDS.some(word => holder[word] !== undefined)
  if (schema === undefined && !isSchema) return []
  const due = isSchema
    ? { schema: holder, at }
    : { schema: schema ?? null, at: pointer(at, 'schema') }
  const single =
    example === undefined ? [] : [{ example: { value: example, at: pointer(at, 'example') }, due }]
  if (isJsonArray(examples)) {
    const listed = examples.map((value, index) => {
      return { example: { value, at: pointer(at, 'examples', index) }, due }
    })
    return [...single, ...listed]
  }
  if (!isJsonObject(examples)) return single
  const named = Object.keys(examples).flatMap(name => {
    const found = compilation.resolveObject(examples[name], pointer(at, 'examples', name))
    const value = found && member(found.value, 'value')
    return found === undefined || value === undefined
      ? []
      : [{ example: { value, at: pointer(found.at, 'value') }, due }]
  })
  return [...single, ...named]
}
