import type { Form, ValueKind } from './form.ts'
import type { JsonObject } from './json.ts'
import { isJsonArray, isJsonObject } from './json.ts'

/** What a value breaks of its form. */
export type Violation = {
  /** Member names and indexes from the value to the violation. */
  readonly path: readonly string[]
  /** The kind that the value does not have. */
  readonly type?: ValueKind
  /** The constant that the value is not. */
  readonly constant?: string | boolean
  /** For people. */
  readonly message: string
}

/** Violations that are listed at most, of a value and of each of its alternatives. */
const LISTED_MAX = 8

const IS_KIND: { readonly [Kind in ValueKind]: (value: unknown) => boolean } = {
  null: value => value === null,
  boolean: value => typeof value === 'boolean',
  string: value => typeof value === 'string',
  integer: Number.isInteger,
  number: Number.isFinite,
  object: isJsonObject,
  array: isJsonArray
}

/** Whether a value has no violations. */
export function fits<T>(form: Form<T>, value: unknown): value is T {
  return find(form, value, []).next().done === true
}

/** Lists the violations of a form, those of a value before those of its members, at most eight. */
export function violations(form: Form, value: unknown): Iterable<Violation> {
  return find(form, value, []).take(LISTED_MAX)
}

function* find(form: Form, value: unknown, path: readonly string[]): Generator<Violation, void> {
  const { type, anyOf } = form
  if (type !== undefined && !IS_KIND[type](value)) {
    yield { path, type, message: `must be ${type}` }
  }
  if (isJsonObject(value)) yield* findInObject(form, value, path)
  if (isJsonArray(value)) yield* findInArray(form, value, path)
  for (const message of rulesBroken(form, value)) yield { path, message }
  if (form.const !== undefined && value !== form.const) {
    yield { path, constant: form.const, message: 'must be equal to constant' }
  }
  if (anyOf === undefined || anyOf.some(choice => fits(choice, value))) return
  for (const choice of anyOf) yield* find(choice, value, path).take(LISTED_MAX)
  yield { path, message: 'must match a schema in anyOf' }
}

function* findInObject(
  { required = [], additionalProperties, properties = {} }: Form,
  value: JsonObject,
  path: readonly string[]
): Generator<Violation, void> {
  const missing = required.filter(name => !Object.hasOwn(value, name))
  if (missing.length > 0) {
    yield { path, message: `must have required properties ${missing.join(', ')}` }
  }
  for (const [name, held] of Object.entries(value)) {
    if (additionalProperties !== undefined) yield* find(additionalProperties, held, [...path, name])
  }
  for (const [name, form] of Object.entries(properties)) {
    if (Object.hasOwn(value, name)) yield* find(form, value[name], [...path, name])
  }
}

function* findInArray(
  { items, minItems = 0 }: Form,
  value: readonly unknown[],
  path: readonly string[]
): Generator<Violation, void> {
  if (items !== undefined) {
    for (const [index, item] of value.entries()) yield* find(items, item, [...path, `${index}`])
  }
  if (value.length < minItems) yield { path, message: `must not have fewer than ${minItems} items` }
}

/** The rules on texts and numbers that a value breaks. */
function rulesBroken(form: Form, value: unknown): string[] {
  const { minLength = 0, maxLength = Infinity, pattern, isValid } = form
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum = -Infinity } = form
  if (typeof value === 'string') {
    const length = lengthOf(value)
    return [
      length < minLength ? `must not have fewer than ${minLength} characters` : '',
      length > maxLength ? `must not have more than ${maxLength} characters` : '',
      pattern === undefined || new RegExp(pattern, 'u').test(value)
        ? ''
        : `must match pattern "${pattern}"`,
      isValid === undefined || isValid(value) ? '' : 'is not valid'
    ].filter(message => message !== '')
  }
  if (typeof value !== 'number') return []
  return [
    value > exclusiveMinimum ? '' : `must be > ${exclusiveMinimum}`,
    value >= minimum ? '' : `must be >= ${minimum}`,
    value <= maximum ? '' : `must be <= ${maximum}`
  ].filter(message => message !== '')
}

/** Counts characters, not code units. */
function lengthOf(text: string): number {
  let length = 0
  for (const _ of text) length++
  return length
}
