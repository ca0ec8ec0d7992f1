/** A URL as messages and logs may show it: without user information, query and fragment. */
export function bareUrl(url: string | URL): string {
  const bare = new URL(url)
  bare.username = ''
  bare.password = ''
  bare.search = ''
  bare.hash = ''
  return bare.href
}
