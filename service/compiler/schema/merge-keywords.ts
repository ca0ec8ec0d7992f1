import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, member, textMember } from '../../base/json.ts'
import { EVERY_TYPE, kindOf } from './schema-kind.ts'
import {
  allowedValues,
  allowNull,
  allowOnlyNull,
  describingKeywords,
  mergeKeywords,
  requiredIn
} from './schema-keywords.ts'
import type { LocatedSchema, SchemaView, Walk } from './schema-view.ts'

/** The members of a view that follow from others. */
type Derived =
  | 'kind'
  | 'nullable'
  | 'onlyNull'
  | 'readOnly'
  | 'writeOnly'
  | 'title'
  | 'description'
  | 'allowed'

/** Completes a view by what its keywords say together. */
export function completeView(view: Omit<SchemaView, Derived>): SchemaView {
  const { keywords, structure, nullChoice } = view
  const onlyNull = allowOnlyNull(keywords)
  return {
    ...view,
    kind: onlyNull ? 'any' : kindOf(keywords, structure),
    nullable: nullChoice || allowNull(keywords),
    onlyNull,
    readOnly: keywords.readOnly === true,
    writeOnly: keywords.writeOnly === true,
    title: textMember(keywords, 'title') ?? null,
    description: textMember(keywords, 'description') ?? null,
    allowed: allowedValues(keywords)
  }
}

/** A view with further keywords, which win. */
export function withKeywords(view: SchemaView, keywords: JsonObject): SchemaView {
  if (Object.keys(keywords).length === 0) return view
  return completeView({ ...view, keywords: mergeKeywords(view.keywords, keywords) })
}

/** Applies what is written beside a reference. */
export function annotate(found: SchemaView, beside: JsonValue): SchemaView {
  const type = member(beside, 'type')
  const orNull = isJsonArray(type) && type.includes('null')
  const required = joined(found.required, requiredIn(beside))
  const nullChoice = found.nullChoice || orNull
  return withKeywords(
    { ...found, nullChoice, nullable: found.nullable || orNull, required },
    describingKeywords(beside)
  )
}

/** Merges a part of an `allOf` under later parts and the schema itself: they add keywords and override them. */
export function mergePart(walk: Walk, part: SchemaView | undefined, over: SchemaView): SchemaView {
  if (part === undefined) return over
  const absent = part.absent.size === 0 ? over.absent : new Set([...part.absent, ...over.absent])
  const merged = completeView({
    at: over.at,
    node: over.node,
    keywords: mergeKeywords(part.keywords, over.keywords),
    structure: over.structure ?? part.structure,
    format: over.format || part.format,
    nullChoice: over.nullChoice || (part.nullChoice && over.keywords.type === undefined),
    blankChoice: over.blankChoice || (part.blankChoice && over.keywords.type === undefined),
    properties: mergeProperties(walk, part.properties, over.properties, absent),
    absent,
    required: joined(part.required, over.required),
    items: declaredOver(part.items, over.items),
    mapValues: declaredOver(part.mapValues, over.mapValues),
    choices: over.choices.length > 0 ? over.choices : part.choices,
    alternatives: over.alternatives.length > 0 ? over.alternatives : part.alternatives,
    discriminator: over.discriminator ?? part.discriminator,
    titles: over.titles.size > 0 ? over.titles : part.titles
  })
  const isOther = over.choices[0]?.at !== part.choices[0]?.at
  return offersChoices(part) && offersChoices(over) && isOther
    ? spreadChoices(walk, merged, [...part.choices, ...over.choices])
    : merged
}

function offersChoices({ choices, alternatives, kind }: SchemaView): boolean {
  return choices.length > 0 || (kind === 'mixed' && alternatives.length > 0)
}

/** A declaration over all that an earlier part says of the same. */
function overEarlier(over: LocatedSchema, earlier: LocatedSchema): LocatedSchema {
  const under = over.under === undefined ? earlier : overEarlier(over.under, earlier)
  return { ...over, under }
}

/**
 * A value that fits a choice of several sets at once: JSON text, with a warning, where it is a property. Of a
 * type all members of all choices are properties.
 */
export function spreadChoices(
  walk: Walk,
  view: SchemaView,
  choices: readonly LocatedSchema[]
): SchemaView {
  walk.compilation.report.add('CHOICES_SEVERAL', view.at)
  walk.choices++
  const properties = choices.reduce((under, choice) => {
    const held = walk.view(choice)?.properties ?? new Map<string, LocatedSchema>()
    return mergeProperties(walk, under, asConditional(held), view.absent)
  }, view.properties)
  walk.choices--
  const keywords = { ...view.keywords, type: EVERY_TYPE }
  return completeView({ ...view, keywords, properties, choices: [], discriminator: null })
}

/** Properties that are declared for some values only. */
export function asConditional(
  properties: SchemaView['properties']
): ReadonlyMap<string, LocatedSchema> {
  return new Map(
    [...properties].map(([key, located]) => [key, { ...located, conditional: true } as const])
  )
}

/**
 * The properties of both; where one side has none the other's map is shared. What both declare is merged, unless
 * one side declares it for some values only.
 */
export function mergeProperties(
  { compilation }: Walk,
  under: SchemaView['properties'],
  over: SchemaView['properties'],
  absent: ReadonlySet<string>
): SchemaView['properties'] {
  if (absent.size === 0) {
    if (over.size === 0) return under
    if (under.size === 0 || !compilation.afford(under.size)) return over
  }
  const merged = new Map(under)
  for (const [key, located] of over) {
    const known = merged.get(key)
    if (known === undefined || (known.conditional && !located.conditional)) merged.set(key, located)
    else if (!located.conditional && known.at !== located.at) {
      merged.set(key, overEarlier(located, known))
    }
  }
  for (const key of absent) merged.delete(key)
  return merged
}

/** The schema of items or of the values of a map that both declare. */
function declaredOver(
  under: LocatedSchema | null,
  over: LocatedSchema | null
): LocatedSchema | null {
  if (under === null || over === null || under.at === over.at) return over ?? under
  return overEarlier(over, under)
}

/** The names of both lists; where one is empty the other is shared. */
function joined(under: readonly string[], over: readonly string[]): readonly string[] {
  if (over.length === 0) return under
  return under.length === 0 ? over : [...new Set([...under, ...over])]
}
