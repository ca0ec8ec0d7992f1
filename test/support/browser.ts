import assert from 'node:assert/strict'

import { REDIRECT_URI } from './start-provider.ts'

/** Parameters of the redirect back to the platform (RFC 6749 4.1.2). */
export type AuthorizationResponse = { readonly code: string; readonly state: string }

/** The `state` that the platform adds to an authorization request. */
const STATE = 'state-of-the-platform'

/**
 * Logs in at an identity provider as a browser does: follows redirects with cookies and fills forms, until
 * the provider redirects to the platform.
 *
 * @param loginUrl As `/authorization` returns it; the platform's own parameters are added.
 * @param more Further parameters of the platform, such as a code challenge.
 */
export async function logInAt(
  loginUrl: string,
  login: string,
  more: { readonly [name: string]: string } = {}
): Promise<AuthorizationResponse> {
  const start = new URL(loginUrl)
  const own = { redirect_uri: REDIRECT_URI, state: STATE, ...more }
  for (const [name, value] of Object.entries(own)) start.searchParams.append(name, value)
  const cookies = new Map<string, string>()
  let request: { url: URL; form: URLSearchParams | null } = { url: start, form: null }
  for (let step = 0; step < 20; step++) {
    const { url, form } = request
    const response = await fetch(url, {
      redirect: 'manual',
      method: form === null ? 'GET' : 'POST',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form !== null && { body: form })
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      cookies.set(name, value)
    }
    const text = await response.text()
    const location = response.headers.get('location')
    if (location?.startsWith(REDIRECT_URI)) return readRedirect(new URL(location))
    request =
      location === null ? submitted(url, text, login) : { url: new URL(location, url), form: null }
  }
  return assert.fail('the provider sends the browser in a circle')
}

function readRedirect({ searchParams }: URL): AuthorizationResponse {
  const code = searchParams.get('code')
  const state = searchParams.get('state')
  assert.ok(code !== null && state === STATE, searchParams.toString())
  return { code, state }
}

/** The first form of a page, filled in. */
function submitted(url: URL, page: string, login: string) {
  const action = /<form[^>]*action="([^"]*)"/.exec(page)?.[1]
  assert.ok(action !== undefined, page)
  const form = new URLSearchParams()
  for (const [input] of page.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1] ?? ''
    form.set(name, /value="([^"]*)"/.exec(input)?.[1] ?? (name === 'login' ? login : 'a password'))
  }
  return { url: new URL(action, url), form }
}
