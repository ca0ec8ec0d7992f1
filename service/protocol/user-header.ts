import { percentDecoded } from '../base/percent-encoding.ts'
import { USER_FIELDS } from '../model/mapping-record.ts'
import type { UserFields } from '../plan/types.ts'

/** The `Authorization` header of a platform request (docs/protocol.md#the-user-header). */
export type UserHeader = {
  /** The header cannot be percent-decoded; then the user is anonymous. */
  readonly malformed: boolean
  readonly anonymous: boolean
  /** `ManyWhoTenantId`; null when absent. */
  readonly tenant: string | null
  /** The `token` that the connector's login returned; null without a login. */
  readonly token: string | null
  /** Empty for an anonymous user. */
  readonly fields: UserFields
}

const ANONYMOUS: UserHeader = {
  malformed: false,
  anonymous: true,
  tenant: null,
  token: null,
  fields: {}
}

const PUBLIC_USER = 'public_user'

/**
 * Removes `&` and `=` from a value of the user header: the platform does not escape them, so that a name
 * could set other fields.
 */
export function headerValue(text: string): string {
  return text.replace(/[&=]+/g, ' ').replace(/\s+/g, ' ').trim()
}

/**
 * Reads the user header: `Key=Value` pairs joined by `&`, percent-encoded once as a whole. The user is
 * anonymous without a header, with basic authentication, without any user field, and as `public_user`.
 */
export function readUserHeader(header: string | undefined): UserHeader {
  if (header === undefined || /^basic\s/i.test(header)) return ANONYMOUS
  const text = decoded(header)
  if (text === null) return { ...ANONYMOUS, malformed: true }

  const pairs = readPairs(text)
  const tenant = pairs.get('manywhotenantid') ?? null
  const fields = userFields(pairs)
  if (Object.keys(fields).length === 0 || fields.UserID?.toLowerCase() === PUBLIC_USER) {
    return { ...ANONYMOUS, tenant }
  }
  return { malformed: false, anonymous: false, tenant, token: pairs.get('token') ?? null, fields }
}

/** Percent-decodes, which form decoding is not: `+` is a plus. A header that is not encoded is returned as it is. */
function decoded(header: string): string | null {
  if (/ManyWhoTenantId=/i.test(header)) return header
  return percentDecoded(header) ?? null
}

/**
 * Values by lower-case key, without blank ones and `null`. The first value of a key wins: a value with a
 * stray `&` must not override an earlier field.
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
