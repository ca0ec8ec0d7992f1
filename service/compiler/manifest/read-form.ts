import type { Form } from '../../base/form.ts'
import { numberText } from '../../base/exact-number.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isExactNumber, isJsonArray, isJsonObject, plainText } from '../../base/json.ts'
import { fits } from '../../base/violations.ts'

/**
 * A value in the spelling of its form, so that what people mean is read (docs/pipelines.md#values): a member that is null
 * is absent, a number may be text and a text a number, words may be in any letter case, and what is only of a `type`
 * may be that word. Anything else stays as it is, for the check of the form.
 */
export function readForm(form: Form, value: JsonValue): JsonValue {
  if (isJsonObject(value)) return readObject(form, value)
  const { items } = choicesOf(form).find(({ type }) => type === 'array') ?? {}
  if (isJsonArray(value))
    return items === undefined ? value : value.map(item => readForm(items, item))
  if (value === null || fits(form, value)) return value
  const spelled = choicesOf(form).flatMap(choice => spellings(choice, value))
  const found = spelled.find(each => fits(form, each))
  if (found !== undefined) return found
  const single = items === undefined ? [] : [readForm(items, value)]
  if (items !== undefined && fits(form, single)) return single
  // What is wrong with a number is told of the number.
  const [only, another] = spelled
  return typeof only === 'number' && another === undefined ? only : value
}

function choicesOf(form: Form): readonly Form[] {
  return form.anyOf ?? [form]
}

function readObject(form: Form, value: JsonObject): JsonObject {
  const { properties, additionalProperties } =
    choicesOf(form).find(({ type }) => type === 'object') ?? {}
  const members = Object.entries(value).flatMap(([name, held]) => {
    const isKnown = properties !== undefined && Object.hasOwn(properties, name)
    const member = isKnown ? properties[name] : additionalProperties
    if (member === undefined) return [[name, held] as const]
    return isKnown && held === null ? [] : [[name, readForm(member, held)] as const]
  })
  return Object.fromEntries(members)
}

/** How a form would write a scalar. */
function spellings(form: Form, value: Exclude<JsonValue, null>): readonly JsonValue[] {
  const text = isExactNumber(value) ? (numberText(value) ?? '') : plainText(value)
  const word = text.trim().toLowerCase()
  if (typeof form.const === 'string') return word === form.const ? [form.const] : []
  if (form.type === 'string') return [text]
  if (form.type === 'integer' || form.type === 'number') {
    return /^[+-]?\d{1,15}(?:\.\d{1,15})?(?:e[+-]?\d{1,2})?$/.test(word) ? [Number(word)] : []
  }
  const kind = form.properties?.type
  return kind === undefined ? [] : [{ type: readForm(kind, word) }]
}
