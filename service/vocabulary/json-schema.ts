import { anyCase } from '../base/any-case.ts'
import type { Form } from '../base/form.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'

/** JSON Schemas by their names, to which others refer. They may be filled while others are written. */
export type Definitions = Record<string, JsonObject>

/** Keywords of forms that are those of JSON Schema, too. */
const SHARED = [
  'type',
  'const',
  'minItems',
  'minLength',
  'maxLength',
  'pattern',
  'minimum',
  'maximum',
  'exclusiveMinimum'
] as const

/**
 * Writes a form as a JSON Schema (draft 7, which all editors know). It refuses unknown members of an object that has
 * any, and words that mean nothing.
 *
 * @param definitions Gets the forms with a name.
 */
export function toJsonSchema(form: Form, definitions: Definitions): JsonObject {
  const { definition, description, default: usual } = form
  const notes = {
    ...(description !== undefined && { description }),
    ...(usual !== undefined && { default: usual })
  }
  if (definition === undefined) return { ...notes, ...bodyOf(form, definitions) }
  if (!Object.hasOwn(definitions, definition)) {
    // A form may hold itself.
    definitions[definition] = {}
    definitions[definition] = bodyOf(form, definitions)
  }
  return referTo(definition, notes)
}

/** A reference to a definition, with what is to be said of it. */
export function referTo(definition: string, notes: JsonObject = {}): JsonObject {
  const reference = { $ref: `#/definitions/${definition}` }
  // In draft 7 nothing beside a reference counts.
  return Object.keys(notes).length === 0 ? reference : { ...notes, allOf: [reference] }
}

function bodyOf(form: Form, definitions: Definitions): JsonObject {
  const shared = SHARED.flatMap((keyword): [string, JsonValue][] => {
    const value = form[keyword]
    return value === undefined ? [] : [[keyword, value]]
  })
  return {
    ...Object.fromEntries(shared),
    ...choicesOf(form, definitions),
    ...membersOf(form, definitions),
    ...(form.items !== undefined && { items: toJsonSchema(form.items, definitions) }),
    ...wordsOf(form),
    ...(form.rules !== undefined && { allOf: form.rules })
  }
}

function choicesOf({ anyOf }: Form, definitions: Definitions): JsonObject {
  if (anyOf === undefined) return {}
  const constants = anyOf.flatMap(choice => (choice.const === undefined ? [] : [choice.const]))
  if (constants.length === anyOf.length) return { enum: constants }
  return { anyOf: anyOf.map(choice => toJsonSchema(choice, definitions)) }
}

function membersOf(form: Form, definitions: Definitions): JsonObject {
  const { properties, required = [], additionalProperties: others } = form
  return {
    ...(properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, member]) => [
          name,
          toJsonSchema(member, definitions)
        ])
      ),
      additionalProperties: false
    }),
    ...(required.length > 0 && { required }),
    ...(others !== undefined && { additionalProperties: toJsonSchema(others, definitions) })
  }
}

/** Editors offer the words as they are written. */
function wordsOf({ words, foldsCase }: Form): JsonObject {
  if (words === undefined) return {}
  return foldsCase === true
    ? { anyOf: [{ enum: words }, { pattern: anyCase(words) }] }
    : { enum: words }
}
