import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonObject, textMember } from '../../base/json.ts'
import type { Compilation } from '../compilation.ts'
import { fitsNothing } from './fits-nothing.ts'
import { asConditional, completeView, mergeProperties } from './merge-keywords.ts'
import type { Structure } from './schema-kind.ts'
import { kindOf } from './schema-kind.ts'
import { requiredIn, valueKeywords } from './schema-keywords.ts'
import type { LocatedSchema, SchemaView, Walk } from './schema-view.ts'

/** A schema without what it refers to, its `allOf` and its choices. */
export function readKeywords(walk: Walk, schema: JsonObject, at: Pointer): SchemaView {
  const { compilation } = walk
  const { items, discriminator, additionalProperties: values } = schema
  const hasValues = isJsonObject(values) && Object.keys(values).length > 0
  const mapValues = { schema: values ?? null, at: pointer(at, 'additionalProperties') }
  const itemSchema = { schema: items ?? null, at: pointer(at, 'items') }
  const hasItems = items !== undefined && !fitsNothing(compilation, itemSchema)
  const declared = propertiesOf(compilation, schema, at)
  const [absent, own] = [new Set<string>(), new Map<string, LocatedSchema>()]
  for (const [key, located] of declared) {
    if (fitsNothing(compilation, located)) absent.add(key)
    else own.set(key, located)
  }
  return completeView({
    at,
    node: schema,
    keywords: valueKeywords(schema),
    structure: structureOf(schema),
    format: textMember(schema, 'format') ?? '',
    nullChoice: false,
    blankChoice: false,
    properties: mergeProperties(walk, own, conditionalProperties(walk, schema, at), absent),
    absent,
    required: requiredIn(schema),
    items: hasItems ? itemSchema : null,
    mapValues: hasValues && !fitsNothing(compilation, mapValues) ? mapValues : null,
    choices: [],
    alternatives: [],
    discriminator: isJsonObject(discriminator)
      ? { value: discriminator, at: pointer(at, 'discriminator') }
      : null,
    titles: new Map()
  })
}

function structureOf(schema: JsonObject): Structure | null {
  const has = (word: string): boolean => schema[word] !== undefined
  if (['properties', 'additionalProperties', 'patternProperties'].some(has)) return 'object'
  return has('items') || has('prefixItems') ? 'array' : null
}

function propertiesOf(
  { report }: Compilation,
  { properties = {} }: JsonObject,
  at: Pointer
): Map<string, LocatedSchema> {
  if (!isJsonObject(properties)) {
    const reason = '`properties` is not an object'
    report.add('SCHEMA_MALFORMED', pointer(at, 'properties'), { reason })
    return new Map()
  }
  const inside = pointer(at, 'properties')
  return new Map(
    Object.entries(properties).map(([key, schema]) => [key, { schema, at: pointer(inside, key) }])
  )
}

/** The properties that `then`, `else`, `dependentSchemas` and `if` declare, which a value may have. */
function conditionalProperties(
  walk: Walk,
  schema: JsonObject,
  at: Pointer
): SchemaView['properties'] {
  const { dependentSchemas } = schema
  const branches = ['then', 'else'].flatMap(word => {
    const branch = schema[word]
    return branch === undefined ? [] : [{ schema: branch, at: pointer(at, word) }]
  })
  for (const [key, branch] of Object.entries(
    isJsonObject(dependentSchemas) ? dependentSchemas : {}
  )) {
    branches.push({ schema: branch, at: pointer(at, 'dependentSchemas', key) })
  }
  let found: SchemaView['properties'] = new Map()
  if (branches.length === 0) return found
  walk.choices++
  for (const branch of branches) {
    const held = isJsonObject(branch.schema) ? walk.view(branch) : undefined
    if (held !== undefined) {
      found = mergeProperties(walk, found, asConditional(held.properties), new Set())
    }
  }
  walk.choices--
  // What `if` compares with is no limit to what a value may be.
  if (!isJsonObject(schema.if)) return found
  const compared = propertiesOf(walk.compilation, schema.if, pointer(at, 'if'))
  const loose = [...compared].map(([key, { schema: rule, at: ruleAt }]) => {
    return [key, { schema: kindAlone(rule), at: ruleAt }] as const
  })
  return mergeProperties(walk, found, asConditional(new Map(loose)), new Set())
}

function kindAlone(schema: JsonValue): JsonValue {
  if (!isJsonObject(schema)) return {}
  const kind = kindOf(valueKeywords(schema), null)
  return kind === 'any' || kind === 'mixed' ? {} : { type: kind }
}
