import type { DirectoryEntry, DirectoryPage, DirectoryRequest } from './types.ts'

export type DirectoryKind = 'user' | 'group' | 'userAttribute' | 'groupAttribute'

/** Attribute with which an access rule can name a user instead of the id. */
export const USER_EMAIL = 'email'

/** Entries of one page. */
const ENTRIES_MAX = 1_000

const USER_ATTRIBUTES: readonly DirectoryEntry[] = [
  { id: 'accountId', label: 'Account ID' },
  { id: USER_EMAIL, label: 'Email' }
]
const GROUP_ATTRIBUTES: readonly DirectoryEntry[] = [{ id: 'users', label: 'Users' }]

/**
 * Answers the builder's look-ups for access rules (docs/protocol.md#directory-look-ups). Identity
 * providers offer no list of users or groups, so the typed text is offered as an id.
 */
export function lookUpDirectory(kind: DirectoryKind, request: DirectoryRequest): DirectoryPage {
  const { limit, offset } = request
  const entries = entriesOf(kind, request)
  const end = offset + (limit === 0 ? ENTRIES_MAX : Math.min(limit, ENTRIES_MAX))
  return { entries: entries.slice(offset, end), hasMoreResults: entries.length > end }
}

function entriesOf(kind: DirectoryKind, { search, ids }: DirectoryRequest): DirectoryEntry[] {
  const typed = search?.trim() ?? ''
  if (kind === 'user' || kind === 'group') {
    const named = ids.length > 0 ? ids : typed === '' ? [] : [typed]
    return named.map(id => ({ id, label: id }))
  }
  const attributes = kind === 'userAttribute' ? USER_ATTRIBUTES : GROUP_ATTRIBUTES
  if (ids.length > 0) return attributes.filter(({ id }) => ids.includes(id))
  return attributes.filter(({ label }) => label.toLowerCase().includes(typed.toLowerCase()))
}
