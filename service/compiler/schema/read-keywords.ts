import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonObject } from '../../base/json.ts'
import { isJsonObject, textMember } from '../../base/json.ts'
import type { Compilation } from '../compilation.ts'
import { allowedValues, requiredIn } from './schema-keywords.ts'
import { kindOf } from './schema-kind.ts'
import type { LocatedSchema, SchemaView } from './schema-view.ts'

/** A schema without what it refers to and its `allOf`. */
export function readKeywords(
  compilation: Compilation,
  schema: JsonObject,
  at: Pointer
): SchemaView {
  const { kind, nullable } = kindOf(schema)
  const { items, discriminator, additionalProperties: values } = schema
  const hasValues = isJsonObject(values) && Object.keys(values).length > 0
  return {
    at,
    node: schema,
    kind,
    format: textMember(schema, 'format') ?? '',
    nullable: nullable || schema.nullable === true,
    readOnly: schema.readOnly === true,
    writeOnly: schema.writeOnly === true,
    title: textMember(schema, 'title') ?? null,
    description: textMember(schema, 'description') ?? null,
    properties: propertiesOf(compilation, schema, at),
    required: requiredIn(schema),
    items: items === undefined ? null : { schema: items, at: pointer(at, 'items') },
    mapValues: hasValues ? { schema: values, at: pointer(at, 'additionalProperties') } : null,
    choices: [],
    discriminator: isJsonObject(discriminator)
      ? { value: discriminator, at: pointer(at, 'discriminator') }
      : null,
    allowed: allowedValues(schema)
  }
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
