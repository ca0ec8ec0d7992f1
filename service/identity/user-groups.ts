import { followPath, splitPath } from '../base/dotted-path.ts'
import type { JsonArray, JsonObject, JsonValue } from '../base/json.ts'
import { isExactNumber, isJsonArray, isJsonObject, member, plainText } from '../base/json.ts'

/** The groups that an answer gives of a user. */
export type GroupList = {
  /** The answer says something about groups; blank text and null say nothing. */
  readonly isGiven: boolean
  /** Each once, at most `GROUPS_MAX`. */
  readonly ids: readonly string[]
  /** Where the rest is; null for no address. */
  readonly next: LinkToRest | null
  /** The answer says that there are more, or there are more than `GROUPS_MAX`. */
  readonly isCut: boolean
}

/** An address as the answer gives it, and the token for it; null for the user's own. */
export type LinkToRest = { readonly url: string; readonly accessToken: string | null }

/** Maximum group ids of a user, which bounds the size of a login handle. */
export const GROUPS_MAX = 5_000

/** The claim with a user's groups, where `me.groups` names no other. */
export const USUAL_GROUPS = 'groups'

/** Members beside a list that hold the address of the rest, and those that say that there is one. */
const LINKS = ['@odata.nextLink', 'nextLink', 'next_link', 'next_url', 'next_page_url', 'next']
const CUT_FLAGS = ['has_more', 'hasMore', 'truncated', 'isTruncated', 'is_truncated']

/**
 * Reads the groups of a user (docs/x-flow.md#groups): one as text, or a list of texts, numbers and objects with an
 * `id`, a `value` or a `name`; or an object with a member for each group.
 *
 * @param path Where they are: a literal key, else a dotted path.
 */
export function readGroups(description: JsonValue, path: string): GroupList {
  const given = followPath(description, path)
  const ids = [...new Set(idsIn(given))]
  const [parent, leaf] = placeOf(description, path)
  const next = distributed(description, leaf) ?? linkBeside(parent, leaf)
  const saysCut =
    claimSource(description, leaf) !== null ||
    isTrue(member(description, 'hasgroups')) ||
    [...CUT_FLAGS, `${leaf}_truncated`].some(name => isTrue(member(parent, name)))
  const isCut = saysCut || next !== null || ids.length > GROUPS_MAX
  const isGiven = ids.length > 0 || isJsonArray(given) || isJsonObject(given)
  return { isGiven, ids: ids.slice(0, GROUPS_MAX), next, isCut }
}

/** Reads a further part of the groups: at their path, as a list under `value` (Microsoft Graph), or as the whole. */
export function readMoreGroups(answer: JsonValue, path: string): GroupList {
  if (isJsonArray(answer)) return readGroups({ [USUAL_GROUPS]: answer }, USUAL_GROUPS)
  const isThere = followPath(answer, path) !== undefined
  return readGroups(answer, isThere ? path : 'value')
}

/** The object that has the groups, and their name in it. */
function placeOf(description: JsonValue, path: string): [JsonValue | undefined, string] {
  if (member(description, path) !== undefined) return [description, path]
  const parts = splitPath(path)
  const leaf = parts.at(-1) ?? path
  let parent: JsonValue | undefined = description
  for (const part of parts.slice(0, -1)) parent = member(parent, part)
  return [parent, leaf]
}

function idsIn(groups: JsonValue | undefined): string[] {
  if (isJsonArray(groups)) return groups.flatMap(idOf)
  if (!isJsonObject(groups)) return textOf(groups)
  const own = idOf(groups)
  // Zitadel: the names of roles, each with the organizations that grant it.
  return own.length > 0 ? own : Object.keys(groups).filter(name => isFilled(groups[name]))
}

function idOf(group: JsonValue): string[] {
  if (!isJsonObject(group)) return textOf(group)
  const texts = ['id', 'value', 'name'].flatMap(name => textOf(group[name]))
  return texts.slice(0, 1)
}

function textOf(value: JsonValue | undefined): string[] {
  if (typeof value !== 'string' && typeof value !== 'number' && !isExactNumber(value)) return []
  const text = plainText(value).trim()
  return text === '' ? [] : [text]
}

function isFilled(value: JsonValue | undefined): value is JsonObject | JsonArray {
  return isJsonObject(value) && Object.keys(value).length > 0
}

/** A claim that the provider has left to another address (OpenID Connect Core 5.6.2). */
function distributed(description: JsonValue, claim: string): LinkToRest | null {
  const name = claimSource(description, claim)
  const source = name === null ? undefined : member(member(description, '_claim_sources'), name)
  const url = member(source, 'endpoint')
  const token = member(source, 'access_token')
  if (typeof url !== 'string') return null
  return { url, accessToken: typeof token === 'string' && token !== '' ? token : null }
}

function claimSource(description: JsonValue, claim: string): string | null {
  const name = member(member(description, '_claim_names'), claim)
  return typeof name === 'string' ? name : null
}

function linkBeside(parent: JsonValue | undefined, leaf: string): LinkToRest | null {
  for (const name of [`${leaf}@odata.nextLink`, ...LINKS]) {
    const given = member(parent, name)
    const url = isJsonObject(given) ? given.href : given
    if (typeof url === 'string' && url !== '') return { url, accessToken: null }
  }
  return null
}

function isTrue(value: JsonValue | undefined): boolean {
  return value === true || value === 'true'
}
