import type { DirectoryEntry, DirectoryPage, DirectoryRequest } from './types.ts'

/** What is looked up (protocol 9.3). */
export type DirectoryKind = 'user' | 'group' | 'userAttribute' | 'groupAttribute'

/** Attribute by which an access rule can name a user instead of by the id. */
export const USER_EMAIL = 'email'

const USER_ATTRIBUTES: readonly DirectoryEntry[] = [
  { id: 'accountId', label: 'Account ID' },
  { id: USER_EMAIL, label: 'Email' }
]
const GROUP_ATTRIBUTES: readonly DirectoryEntry[] = [{ id: 'users', label: 'Users' }]

/**
 * Answers the builder's look-ups for access rules (protocol 9.3). An identity provider has no list of
 * users or groups that could be asked for, so what is typed is offered as the id that it will be.
 */
export function lookUpDirectory(kind: DirectoryKind, request: DirectoryRequest): DirectoryPage {
  const { limit, offset } = request
  const found = entriesOf(kind, request)
  const end = limit === 0 ? found.length : offset + limit
  return { entries: found.slice(offset, end), hasMoreResults: found.length > end }
}

function entriesOf(kind: DirectoryKind, { search, ids }: DirectoryRequest): DirectoryEntry[] {
  const listed = kind === 'userAttribute' ? USER_ATTRIBUTES : GROUP_ATTRIBUTES
  const typed = search?.trim() ?? ''
  if (kind === 'userAttribute' || kind === 'groupAttribute') {
    const wanted = listed.filter(({ label }) => label.toLowerCase().includes(typed.toLowerCase()))
    return ids.length === 0 ? wanted : listed.filter(({ id }) => ids.includes(id))
  }
  const named = ids.length > 0 ? ids : typed === '' ? [] : [typed]
  return named.map(id => ({ id, label: id }))
}
