import { followPath } from '../base/dotted-path.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isExactNumber, isJsonArray, isJsonObject, plainText } from '../base/json.ts'
import { plainName } from '../base/plain-name.ts'
import type { EndpointRecord, FailureRecord } from '../model/endpoint-record.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { DETAILS, refusalWords } from './refusal-words.ts'
import { areSurelyOf } from './type-members.ts'
import type { FoundRecords } from './types.ts'

/** A member that may say that a call was refused, and whether a value of it does. */
type Flag = { readonly name: string; readonly isRaised: (value: JsonValue) => boolean }

/** Plain names that say whether there are errors: `hasErrors`, `hasValidationErrors`, `isError`. */
const HAS_ERRORS = /^(?:has|is)[a-z]*errors?$/

/** How many members of an answer are looked at by the form of their names. */
const MEMBERS_MAX = 200

/** The flags that count in the answers for a type: always, and where no object was found. */
type Flags = {
  readonly always: readonly Flag[]
  readonly alone: readonly Flag[]
  /** Names of the type itself in lower case, which are no flags. */
  readonly own: ReadonlySet<string>
}

const ALWAYS = flags(['ok', 'OK', 'success'], value => value === false || value === 'false')

const ALONE = [
  ...flags(['status'], isFailure),
  ...flags(['error'], value => value === true || isFilled(value)),
  ...flags(['errors'], isFilled)
]

const USUAL: Flags = { always: ALWAYS, alone: ALONE, own: new Set() }

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
  const found = { always: ALWAYS.filter(isForeign), alone: ALONE.filter(isForeign), own }
  known.set(type, found)
  return found
}

/** What a call asks, and how its endpoint says that it is refused. */
export type RefusedCall = {
  readonly endpoint: Pick<EndpointRecord, 'failure'>
  readonly type: TypeRecord
}

/**
 * Finds out whether a 2xx answer says that the call was refused (docs/x-flow.md#refusals-in-a-2xx): by the
 * flag that `x-flow-failure` declares; if the answer has none, by the usual ones.
 *
 * @param found What is at the place of the records.
 * @returns The API's words, else words about the flag; null for no refusal.
 */
export function findRefusal(
  { endpoint, type }: RefusedCall,
  body: JsonValue,
  found: FoundRecords | undefined
): string | null {
  const isFound = (): boolean => found !== undefined && areSurelyOf(type, found)
  return refusalIn(endpoint.failure, body, isFound, flagsOf(type))
}

/**
 * Finds out whether a 2xx answer says that the call was refused, whatever was asked for.
 *
 * @param isFound Whether it has what was asked for, so that some flags do not count.
 * @returns As `findRefusal`.
 */
export function refusalIn(
  failure: EndpointRecord['failure'],
  body: JsonValue,
  isFound: () => boolean,
  { always, alone, own }: Flags = USUAL
): string | null {
  if (failure === 'never' || !isJsonObject(body)) return null
  if (failure !== 'guessed') {
    const given = followPath(body, failure.flag)
    if (given !== undefined) return declaredRefusal(failure, body, given)
  }
  let raised = raisedOf(always, body)
  if (raised === undefined) {
    raised = raisedOf(alone, body) ?? detailedIn(body, own)
    if (raised === undefined || isFound()) return null
  }
  return refusalWords(body) || flagWords(raised, body[raised])
}

/** The name of the first flag that an answer raises. */
function raisedOf(flags: readonly Flag[], body: JsonObject): string | undefined {
  const raised = flags.find(({ name, isRaised }) => {
    const value = Object.hasOwn(body, name) ? body[name] : undefined
    return value !== undefined && isRaised(value)
  })
  return raised?.name
}

/** The name of the first member that says that there are errors, or lists them. */
function detailedIn(body: JsonObject, own: Flags['own']): string | undefined {
  return Object.keys(body)
    .slice(0, MEMBERS_MAX)
    .find(name => {
      const value = body[name] ?? null
      const plain = plainName(name)
      const isRaised = HAS_ERRORS.test(plain)
        ? value === true
        : DETAILS.test(plain) && isComposite(value) && isFilled(value)
      return isRaised && !own.has(name.toLowerCase())
    })
}

function declaredRefusal(
  { flag, failed, message }: FailureRecord,
  body: JsonObject,
  given: JsonValue
): string | null {
  // Numbers that are written as text are the same code.
  const isFailed = !isComposite(given) && failed.some(each => plainText(each) === plainText(given))
  if (!isFailed) return null
  const words = message === null ? '' : refusalWords(followPath(body, message))
  return words || refusalWords(body) || flagWords(flag, given)
}

/** Words for a refusal without a reason. */
function flagWords(name: string, value: JsonValue | undefined): string {
  const shown = isComposite(value) ? '' : `: ${plainText(value ?? null)}`
  return `the API refused the call: its answer has \`${name}\`${shown}`
}

function isComposite(value: JsonValue | undefined): boolean {
  return isJsonArray(value) || isJsonObject(value)
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
