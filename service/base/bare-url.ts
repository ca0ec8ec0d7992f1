/** Removes user information, query and fragment, so that messages and logs may show the URL. */
export function bareUrl(url: string | URL): string {
  const bare = new URL(url)
  bare.username = ''
  bare.password = ''
  bare.search = ''
  bare.hash = ''
  return bare.href
}
