/** What a user id must not hold, and what would look like its escape. */
const ESCAPED = /[&=]|%(?=(?:25)*(?:26|3D))/gi

/**
 * The form in which a user id goes to the platform and comes back: without `&` and `=`, which separate the fields of
 * the user header (docs/protocol.md#the-user-header) and could therefore set other ones. They are percent-encoded, and
 * so is a `%` that begins such an escape, so that two ids never have the same form.
 */
export function outgoingUserId(id: string): string {
  return id.trim().replace(ESCAPED, encodeURIComponent)
}

/** The id in an access rule, in that form. A rule may also name a user by the id that the provider uses. */
export function ruleUserId(id: string): string {
  return /[&=]/.test(id) ? outgoingUserId(id) : id
}
