import type { JsonValue } from '../../base/json.ts'
import { isJsonArray, member, textMember } from '../../base/json.ts'
import { requiredIn } from './schema-keywords.ts'
import type { SchemaView, Walk } from './schema-view.ts'

/** Applies what is written beside a reference. */
export function annotate(found: SchemaView, beside: JsonValue): SchemaView {
  const says = (word: string): boolean => member(beside, word) === true
  const type = member(beside, 'type')
  const orNull = isJsonArray(type) && type.includes('null')
  return {
    ...found,
    nullable: found.nullable || says('nullable') || orNull,
    readOnly: found.readOnly || says('readOnly'),
    writeOnly: found.writeOnly || says('writeOnly'),
    title: textMember(beside, 'title') ?? found.title,
    description: textMember(beside, 'description') ?? found.description,
    required: joined(found.required, requiredIn(beside))
  }
}

/** Merges a part of an `allOf` under later parts and the schema itself, which win. */
export function mergePart(walk: Walk, part: SchemaView | undefined, over: SchemaView): SchemaView {
  if (part === undefined) return over
  return {
    at: over.at,
    node: over.node,
    kind: over.kind === 'any' ? part.kind : over.kind,
    format: over.format || part.format,
    nullable: over.nullable || part.nullable,
    readOnly: over.readOnly || part.readOnly,
    writeOnly: over.writeOnly || part.writeOnly,
    title: over.title ?? part.title,
    description: over.description ?? part.description,
    properties: mergeProperties(walk, part.properties, over.properties),
    required: joined(part.required, over.required),
    items: over.items ?? part.items,
    mapValues: over.mapValues ?? part.mapValues,
    choices: over.choices.length > 0 ? over.choices : part.choices,
    discriminator: over.discriminator ?? part.discriminator,
    allowed: over.allowed ?? part.allowed
  }
}

/** The properties of both; where one side has none the other's map is shared. */
function mergeProperties(
  { compilation }: Walk,
  under: SchemaView['properties'],
  over: SchemaView['properties']
): SchemaView['properties'] {
  if (over.size === 0) return under
  if (under.size === 0 || !compilation.afford(under.size)) return over
  return new Map([...under, ...over])
}

/** The names of both lists; where one is empty the other is shared. */
function joined(under: readonly string[], over: readonly string[]): readonly string[] {
  if (over.length === 0) return under
  return under.length === 0 ? over : [...new Set([...under, ...over])]
}
