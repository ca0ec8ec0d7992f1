import type { JsonObject, JsonValue } from '../base/json.ts'
import { dictionary, isExactNumber, isJsonArray, isJsonObject } from '../base/json.ts'
import type { ValueForm } from '../model/type-record.ts'
import type { PropertyReading } from './type-reading.ts'
import { isOwnForm } from './value-forms.ts'
import type { FlowProperty, Unseen } from './types.ts'

/** The longest value that is kept as it came, in characters of JSON. */
const KEPT_MAX = 2_000

/** What is noted of one object while it is decoded. */
export type UnseenNotes = {
  readonly absent: string[]
  asCame: Record<string, JsonValue> | null
}

/**
 * Notes a property whose JSON the flow cannot see as it is: a member that the answer lacks, a value that
 * could not be read as a whole, or one in another form than the schema's. Null is seen as a blank.
 *
 * @param held The JSON of the property; undefined for none.
 * @param shown The property as the flow gets it.
 * @param count How many objects it has, once a long list is decoded.
 */
export function noteProperty(
  notes: UnseenNotes,
  { property, source }: PropertyReading,
  held: JsonValue | undefined,
  shown: FlowProperty,
  count: number
): void {
  const { name, key, value } = property
  if (held === undefined) {
    if (source === 'in member') notes.absent.push(name)
    return
  }
  if (held === null || source === 'nowhere' || isShown(value, held, shown, count)) return
  // An alternative without a member of its own cannot be put back apart from its neighbours.
  const canBeKept = (value.form === 'scalar' || key !== null) && isShort(held)
  if (canBeKept) notes.asCame = Object.assign(notes.asCame ?? dictionary(), { [name]: held })
  else notes.absent.push(name)
}

/**
 * What the notes of an object come to; undefined for nothing.
 *
 * @param before The absent properties of the object before, which is mostly like this one; shared if so.
 */
export function unseenOf(
  { absent, asCame }: UnseenNotes,
  before: readonly string[],
  whole: JsonObject | null
): Unseen | undefined {
  if (absent.length === 0 && asCame === null && whole === null) return undefined
  const isSame = absent.length === before.length && absent.every((name, at) => name === before[at])
  const unseen = { absent: isSame ? before : absent, asCame: asCame ?? NOTHING }
  return whole === null ? unseen : { ...unseen, whole }
}

const NOTHING = dictionary<JsonValue>()

/** Whether a property shows all of its value, and in the form in which it is written. */
function isShown(value: ValueForm, held: JsonValue, shown: FlowProperty, count: number): boolean {
  if (value.form === 'scalar') return isOwnForm(value.kind, held, shown.contentValue)
  if (value.form === 'list') return isJsonArray(held) && held.length === count
  if (value.form === 'map') return isJsonObject(held) && Object.keys(held).length === count
  return count === 1
}

/** Whether a value has at most `KEPT_MAX` characters of JSON; looks at no more of it than that. */
function isShort(value: JsonValue): boolean {
  let left = KEPT_MAX
  const open: JsonValue[] = [value]
  for (let held = open.pop(); held !== undefined && left >= 0; held = open.pop()) {
    left -= 2
    if (typeof held === 'string') left -= held.length
    else if (isExactNumber(held)) left -= held.rawJSON.length
    else if (isJsonArray(held)) {
      left -= held.length
      if (left >= 0) for (const item of held) open.push(item)
    } else if (isJsonObject(held)) {
      for (const key in held) {
        left -= key.length + 3
        if (left < 0) break
        open.push(held[key] ?? null)
      }
    } else left -= 3
  }
  return left >= 0
}
