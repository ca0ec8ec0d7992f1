import type { JsonValue } from '../../base/json.ts'
import { jsonEqual } from '../../base/json.ts'
import { nameWords, singularWords } from '../../base/name-words.ts'
import type { MadeIdentity, MadeNumberSchema, MadeTextSchema } from '../../model/example-record.ts'
import { nounWords } from './noun-class.ts'
import { isKnownPhrase } from './find-meaning.ts'
import type { Place } from './place.ts'
import { hashOf, hexAt } from './place.ts'
import type { Subject } from './subject.ts'
import { ordinalNumber } from './write-number.ts'
import { fitsText, fittingText, knownFormat, uuidOf } from './write-text.ts'

/** Rows of a table, to which references lead. */
const ROWS = 5

const ID_WORDS = new Set('id ids uuid guid uid gid oid sid'.split(' '))

/** Of which object a value is the id. */
export type Identity = {
  /** What the object is, as in `customer-1`. */
  readonly noun: string
  /** Which of these objects it is, from 1. */
  readonly ordinal: number
  /** Declared ids, which the first objects have. */
  readonly first: readonly JsonValue[]
}

/**
 * The object that a property identifies: its own, or another, as `ownerId` does. Undefined for a property that is no
 * id.
 *
 * @param isItem The object that has it is a row or an item of a list.
 */
export function identityOf(
  { idOf, refers, first = [] }: MadeIdentity,
  subject: Subject,
  key: string,
  isItem: boolean,
  place: Place
): Identity | undefined {
  const words = singularWords(nameWords(key))
  const isNamed = ID_WORDS.has(words.at(-1) ?? '') && !isKnownPhrase(words)
  if (idOf === undefined && !isNamed) return undefined
  const before = words.slice(0, -1)
  const own = subject.noun.join('-') || 'item'
  const isOwn = idOf === undefined ? before.length === 0 : refers !== true
  const named = idOf === undefined ? before : nounWords(idOf)
  const noun = named.join('-') || own
  if (isOwn && isItem) return { noun, ordinal: place.row + 1, first }
  // `owner.id` and `ownerId` are of the same object.
  const holder = isOwn ? subject.within.join('-') : before.join('-')
  return { noun, ordinal: 1 + ((place.row + hashOf(holder, place.seed)) % ROWS), first }
}

/** The id as text: a UUID by its format, else as `customer-1`, else in the form that its pattern asks for. */
export function textId(schema: MadeTextSchema, identity: Identity, place: Place): JsonValue {
  const isUuid = knownFormat(schema.format) === 'uuid'
  return idAt(identity, ordinal => {
    const at = { ...place, seed: place.idSeed, row: ordinal, path: identity.noun }
    const uuid = uuidOf(at)
    const number = String(ordinal)
    const hex = hexAt(at, 64)
    const candidates = isUuid
      ? [uuid, hex.slice(0, 32)]
      : [`${identity.noun}-${number}`, number, `${identity.noun.charAt(0)}${number}`, uuid]
    const padded = [8, 6, 10, 12, 4, 3, 9, 5, 7, 16].map(size => number.padStart(size, '0'))
    const forms = [
      ...candidates,
      ...padded,
      ...[24, 32, 40, 64, 16, 8].map(size => hex.slice(0, size))
    ]
    const fitting = forms.find(text => fitsText(schema, text))
    return fitting ?? fittingText(schema, forms, { ...place, row: ordinal })
  })
}

/** The id as a number: 1, 2, 3 within its bounds. */
export function numberId(schema: MadeNumberSchema, identity: Identity): JsonValue {
  return idAt(identity, ordinal => ordinalNumber(schema, ordinal))
}

/** The declared id, else the made one in its order, without those that are declared. */
function idAt({ first, ordinal }: Identity, make: (ordinal: number) => JsonValue): JsonValue {
  const declared = first[ordinal - 1]
  if (declared !== undefined) return declared
  let left = ordinal - first.length
  for (let next = 1; ; next++) {
    const id = make(next)
    const isTaken = next <= ordinal && first.some(other => jsonEqual(other, id))
    if (!isTaken && --left === 0) return id
  }
}
