import { USER_FIELDS } from '../model/mapping-record.ts'
import type { UserFields } from '../plan/types.ts'

/** The current user, as the `Authorization` header of a platform request says it (protocol 2). */
export type UserHeader = {
  /** The header cannot be percent-decoded; then nobody is known. */
  readonly malformed: boolean
  /** Nobody is logged in. */
  readonly anonymous: boolean
  /** `ManyWhoTenantId`; null when not given. */
  readonly tenant: string | null
  /** What the connector's own login returned as `token`; null for nobody. */
  readonly token: string | null
  /** Empty for nobody. */
  readonly fields: UserFields
}

const NOBODY: UserHeader = {
  malformed: false,
  anonymous: true,
  tenant: null,
  token: null,
  fields: {}
}

const PUBLIC_USER = 'public_user'

/**
 * A text that can stand in the user header: the platform splits that at `&` and `=`, so that a name with
 * them would speak for other fields (protocol 2.4).
 */
export function headerValue(text: string): string {
  return text.replace(/[&=]+/g, ' ').replace(/\s+/g, ' ').trim()
}

/**
 * Reads the user header: `Key=Value` pairs joined by `&`, percent-encoded once as a whole. No header,
 * one of basic login, one without any field of a user, and the platform's public user are nobody.
 */
export function readUserHeader(header: string | undefined): UserHeader {
  if (header === undefined || /^basic\s/i.test(header)) return NOBODY
  const text = decoded(header)
  if (text === null) return { ...NOBODY, malformed: true }

  const pairs = readPairs(text)
  const tenant = pairs.get('manywhotenantid') ?? null
  const fields = userFields(pairs)
  if (Object.keys(fields).length === 0 || fields.UserID?.toLowerCase() === PUBLIC_USER) {
    return { ...NOBODY, tenant }
  }
  return { malformed: false, anonymous: false, tenant, token: pairs.get('token') ?? null, fields }
}

/** Not form decoding: a `+` is a plus (protocol 2, rule 1). */
function decoded(header: string): string | null {
  if (/ManyWhoTenantId=/i.test(header)) return header
  try {
    return decodeURIComponent(header)
  } catch {
    return null
  }
}

/**
 * Values by lower-case key; blank ones and the word `null` are absent. The first of a key counts, as
 * a value with a stray `&` could otherwise speak for the fields before it.
 */
function readPairs(text: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>()
  for (const pair of text.split('&')) {
    const at = pair.indexOf('=')
    if (at === -1) continue
    const key = pair.slice(0, at).trim().toLowerCase()
    if (!pairs.has(key)) pairs.set(key, pair.slice(at + 1).trim())
  }
  return new Map([...pairs].filter(([, value]) => value !== '' && value !== 'null'))
}

function userFields(pairs: ReadonlyMap<string, string>): UserFields {
  return Object.fromEntries(
    USER_FIELDS.flatMap(field => {
      const value = pairs.get(field.toLowerCase())
      return value === undefined ? [] : [[field, value]]
    })
  )
}
