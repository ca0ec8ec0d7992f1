import type { IdentityRecord, TypeRecord } from './type-record.ts'

/** One part of a composite key. */
type KeyPart = NonNullable<IdentityRecord['composite']>[number]

/**
 * The part of a composite key that is a member of the object; undefined where none or several are. The others are custom
 * properties, which say where the object is.
 */
export function ownPart({
  identity,
  properties
}: Pick<TypeRecord, 'identity' | 'properties'>): KeyPart | undefined {
  const members = identity.composite?.filter(({ path: [first] }) =>
    properties.some(({ key }) => key === first)
  )
  return members?.length === 1 ? members[0] : undefined
}
