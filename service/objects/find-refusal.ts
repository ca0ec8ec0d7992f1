import { followPath } from '../base/dotted-path.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isExactNumber, isJsonArray, isJsonObject, plainText } from '../base/json.ts'
import type { EndpointRecord, FailureRecord } from '../model/endpoint-record.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { refusalWords } from './refusal-words.ts'
import { areSurelyOf } from './type-members.ts'

/** A member that may say that a call was refused, and whether a value of it does. */
type Flag = { readonly name: string; readonly isRaised: (value: JsonValue) => boolean }

/** The flags that count in the answers for a type: always, and where no object was found. */
type Flags = { readonly always: readonly Flag[]; readonly alone: readonly Flag[] }

const ALWAYS = flags(['ok', 'OK', 'success'], value => value === false || value === 'false')

const ALONE = [
  ...flags(['status'], isFailure),
  ...flags(['error'], value => value === true || isFilled(value)),
  ...flags(['errors'], isFilled)
]

/** Flags under their names, and under these with a capital. */
function flags(names: readonly string[], isRaised: Flag['isRaised']): Flag[] {
  const capital = names.map(name => name.charAt(0).toUpperCase() + name.slice(1))
  return [...new Set([...names, ...capital])].map(name => ({ name, isRaised }))
}

const known = new WeakMap<TypeRecord, Flags>()

/** A name that the type has itself is no flag. */
function flagsOf(type: TypeRecord): Flags {
  const cached = known.get(type)
  if (cached !== undefined) return cached
  const own = new Set(
    type.properties.flatMap(({ key, name }) => [key ?? name, name]).map(name => name.toLowerCase())
  )
  const isForeign = ({ name }: Flag): boolean => !own.has(name.toLowerCase())
  const found = { always: ALWAYS.filter(isForeign), alone: ALONE.filter(isForeign) }
  known.set(type, found)
  return found
}

/**
 * Finds out whether a 2xx answer says that the call was refused (docs/x-flow.md#refusals-in-a-2xx): by the
 * flag that `x-flow-failure` declares; if the answer has none, by the usual ones.
 *
 * @param values What was found at the place of the records.
 * @returns The API's words, else words about the flag; null for no refusal.
 */
export function findRefusal(
  { endpoint, type }: { readonly endpoint: EndpointRecord; readonly type: TypeRecord },
  body: JsonValue,
  values: readonly JsonValue[]
): string | null {
  const { failure } = endpoint
  if (failure === 'never' || !isJsonObject(body)) return null
  if (failure !== 'guessed') {
    const given = followPath(body, failure.flag)
    if (given !== undefined) return declaredRefusal(failure, body, given)
  }
  const { always, alone } = flagsOf(type)
  const raised = raisedOf(always, body) ?? raisedOf(alone, body, () => !areSurelyOf(type, values))
  return raised === undefined
    ? null
    : refusalWords(body) || flagWords(raised.name, body[raised.name])
}

function raisedOf(
  flags: readonly Flag[],
  body: JsonObject,
  counts: () => boolean = () => true
): Flag | undefined {
  return flags.find(({ name, isRaised }) => {
    if (!Object.hasOwn(body, name)) return false
    const value = body[name]
    return value !== undefined && isRaised(value) && counts()
  })
}

function declaredRefusal(
  { flag, failed, message }: FailureRecord,
  body: JsonObject,
  given: JsonValue
): string | null {
  // Numbers that are written as text are the same code.
  if (!failed.some(value => plainText(value) === plainText(given))) return null
  const words = message === null ? '' : refusalWords(followPath(body, message))
  return words || refusalWords(body) || flagWords(flag, given)
}

/** Words for a refusal without a reason. */
function flagWords(name: string, value: JsonValue | undefined): string {
  const isShort = typeof value !== 'object' || value === null
  return `the API refused the call: its answer has \`${name}\`${isShort ? `: ${plainText(value ?? null)}` : ''}`
}

/** A word of failure, or the code of an HTTP error. */
function isFailure(value: JsonValue): boolean {
  const isCode = typeof value === 'number' && value >= 400 && value <= 599
  return (
    isCode || (typeof value === 'string' && /^(error|fail|failed|failure|[45]\d\d)$/i.test(value))
  )
}

/** Non-blank text, an object or list with contents, or a number other than 0. */
function isFilled(value: JsonValue): boolean {
  if (typeof value === 'string') return value.trim() !== ''
  if (isJsonArray(value)) return value.length > 0
  if (isExactNumber(value)) return true
  if (isJsonObject(value)) return Object.keys(value).length > 0
  return typeof value === 'number' && value !== 0
}
