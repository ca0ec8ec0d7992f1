import { followPath, splitPath } from '../base/dotted-path.ts'
import type { JsonValue } from '../base/json.ts'
import { isJsonObject, member, plainText } from '../base/json.ts'
import { bareName } from '../base/plain-name.ts'

/** Members that say whether an email address is the user's, in lower case and without punctuation. */
const FLAGS = new Set([
  ...['emailverified', 'isemailverified', 'emailisverified'],
  ...['verifiedemail', 'verified', 'isverified'],
  ...['emailconfirmed', 'isemailconfirmed', 'confirmedemail', 'confirmed', 'isconfirmed'],
  // The time of it; null until then.
  ...['emailverifiedat', 'verifiedat', 'emailconfirmedat', 'confirmedat']
])

/** Flags that are about an email address wherever they stand; `verified` may be about the account. */
const NAMED = /e?mail/

/** What a flag holds if the address is not the user's. Anything else is a yes, such as the time of it. */
const NO =
  /^(?:false|f|no|n|0|off|null|none|never|unverified|unconfirmed|not[ _-]?verified|pending|)$/i

/** Most members that are looked at beside an address. */
const MEMBERS_MAX = 1_000

/**
 * Whether the source of an email address says that it may not be the user's (`email_verified` of OpenID Connect Core
 * 5.1, and the names that other providers have for it): beside the member with the address, or, if the flag names the
 * address, further out.
 *
 * @param path The dotted path of the member.
 */
export function isFlaggedUnverified(source: JsonValue, path: string): boolean {
  const isLiteral = member(source, path) !== undefined
  const parts = isLiteral ? [path] : splitPath(path)
  const own = bareName(parts.at(-1) ?? '')
  let holder: JsonValue | undefined = source
  for (const [depth, part] of parts.entries()) {
    if (isRaised(holder, own, depth === parts.length - 1)) return true
    holder = isLiteral ? undefined : followPath(holder, part)
  }
  return false
}

function isRaised(holder: JsonValue | undefined, address: string, isBeside: boolean): boolean {
  if (!isJsonObject(holder)) return false
  return Object.keys(holder)
    .slice(0, MEMBERS_MAX)
    .some(name => {
      const flag = bareName(name)
      const isOfAddress = flag === `${address}verified` || flag === `verified${address}`
      const counts = isOfAddress || (FLAGS.has(flag) && (isBeside || NAMED.test(flag)))
      return counts && isNo(holder[name] ?? null)
    })
}

function isNo(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.length === 0
  return !isJsonObject(value) && NO.test(plainText(value).trim())
}
