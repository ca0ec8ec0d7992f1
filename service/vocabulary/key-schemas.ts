import { inAnyCase } from '../base/any-case.ts'
import type { Form } from '../base/form.ts'
import type { JsonObject } from '../base/json.ts'
import type { ExtendedObject } from '../parse/extensions.ts'
import { MEMBER_KEYS } from '../parse/mapping-forms.ts'
import { extensions } from '../parse/extensions.ts'
import type { Definitions } from './json-schema.ts'
import { referTo, toJsonSchema } from './json-schema.ts'
import { SOURCE_FORMS } from './source-forms.ts'

/** What an object may have of the keys: `properties` and `patternProperties` of its schema. */
export type KeySchemas = {
  readonly properties: JsonObject
  readonly patternProperties: JsonObject
}

/** Extensions of others. */
const FOREIGN = '^[xX]-(?![fF][lL][oO][wW])'

/** Defines each key once, under its name, and what their forms consist of. */
export function defineKeys(definitions: Definitions): void {
  for (const form of SOURCE_FORMS) toJsonSchema(form, definitions)
  for (const [key, { schema }] of Object.entries(extensions)) {
    definitions[key] = toJsonSchema(formOfKey(schema, key), definitions)
  }
}

/** The form of a key without the members that are for other keys. */
function formOfKey(form: Form, key: string): Form {
  const { properties, anyOf, items, definition } = form
  if (properties !== undefined) {
    const members = Object.entries(properties)
    const own = members.filter(([name]) => MEMBER_KEYS[name]?.includes(key) !== false)
    if (own.length === members.length) return form
    return {
      ...form,
      properties: Object.fromEntries(own),
      definition: `${definition} of ${key}`.replaceAll(' ', '-')
    }
  }
  return {
    ...form,
    ...(anyOf !== undefined && { anyOf: anyOf.map(choice => formOfKey(choice, key)) }),
    ...(items !== undefined && { items: formOfKey(items, key) })
  }
}

/** The keys of a kind of object, or of any; other `x-flow` keys are refused, and extensions of others taken. */
export function keySchemas(kind: ExtendedObject | 'any' | 'none'): KeySchemas {
  const own = Object.entries(extensions).filter(
    ([, entry]) => kind === 'any' || (kind !== 'none' && entry.extends.includes(kind))
  )
  const known = own.map(([key]) => key)
  const except = known.length === 0 ? '' : `(?!(?:${known.join('|')})$)`
  return {
    properties: Object.fromEntries(
      own.map(([key, { says, section }]) => {
        const description = `${says} See docs/x-flow.md#${section}.`
        return [key, referTo(key, { description })]
      })
    ),
    patternProperties: { [`^${except}${inAnyCase('x-flow')}`]: false, [FOREIGN]: true }
  }
}
