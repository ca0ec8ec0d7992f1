import type { JsonValue } from '../base/json.ts'
import { isJsonObject } from '../base/json.ts'
import type { IdentityRecord, TypeRecord } from '../model/type-record.ts'
import { ownId } from './external-id.ts'
import type { FoundRecords } from './types.ts'

/** Members by which objects of a type are told from other objects; computed once for each type. */
export type TypeMembers = {
  /** JSON names, in the order of the properties. */
  readonly names: ReadonlySet<string>
  /** Those that a refusal does not have too, where there are any. */
  readonly telling: ReadonlySet<string>
  /** Where an id is that no refusal has. */
  readonly identity: IdentityRecord
}

/** Members of refusals, in lower case. */
const OF_REFUSALS = new Set(
  'code description detail details message msg reason status title type'.split(' ')
)

const known = new WeakMap<TypeRecord, TypeMembers>()

export function membersOf(type: TypeRecord): TypeMembers {
  const members = known.get(type) ?? readMembers(type)
  known.set(type, members)
  return members
}

function readMembers({ properties, choices, identity }: TypeRecord): TypeMembers {
  const ofChoices = choices.flatMap(({ key, options }) =>
    key === null ? options.flatMap(({ keys }) => keys) : []
  )
  const names = new Set([...properties.flatMap(({ key }) => key ?? []), ...ofChoices])
  const isTelling = (name: string): boolean => !OF_REFUSALS.has(name.toLowerCase())
  const telling = new Set([...names].filter(isTelling))
  const { composite, candidates } = identity
  return {
    names,
    telling: telling.size > 0 ? telling : names,
    identity: { composite, candidates: candidates.filter(([name = '']) => isTelling(name)) }
  }
}

/** So many names are looked up one by one, as listing the members of a large object takes long. */
const FEW_NAMES = 32

/** Whether a value is an object with one of the members. Looks at its members where the type may have more. */
export function hasAny(value: JsonValue | undefined, names: ReadonlySet<string>): boolean {
  if (!isJsonObject(value)) return false
  if (names.size <= FEW_NAMES) {
    for (const name of names) if (Object.hasOwn(value, name)) return true
    return false
  }
  for (const name in value) if (names.has(name)) return true
  return false
}

/** Whether a value is an object with a member. */
export function isFilled(value: JsonValue | undefined): boolean {
  if (!isJsonObject(value)) return false
  for (const _ in value) return true
  return false
}

/**
 * Whether the objects of an answer are surely of a type, although something says that the call was refused: a
 * single one if it has an id, where the type has ids; a list if one of its objects has a telling member.
 */
export function areSurelyOf(type: TypeRecord, { values, isList }: FoundRecords): boolean {
  const { identity, telling } = membersOf(type)
  const hasIds = identity.composite !== null || identity.candidates.length > 0
  if (isList || !hasIds) return values.some(value => hasAny(value, telling))
  return values.some(value => ownId(identity, value) !== undefined)
}
