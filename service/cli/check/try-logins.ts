import { pointer } from '../../base/json-pointer.ts'
import { locateDiagnostics } from '../../compiler/locate-diagnostics.ts'
import { ConnectorError } from '../../errors.ts'
import { checkCredential } from '../../identity/user-info.ts'
import type { Diagnostic, UnlocatedDiagnostic } from '../../model/diagnostic.ts'
import { unlocatedDiagnostic } from '../../model/diagnostic.ts'
import type { LoginRecord } from '../../model/login-record.ts'
import { createControlClient } from '../../net/control-client.ts'
import { createEgress } from '../../net/egress.ts'
import type { IdentityClient } from '../../net/identity-client.ts'
import { createIdentityClient } from '../../net/identity-client.ts'
import { readTlsFiles } from '../../net/tls-files.ts'
import { identityUrl } from '../../plan/server-url.ts'
import type { Settings } from '../../settings.ts'
import { allowUrls } from '../document/allow-urls.ts'
import type { CommandDocument } from '../document/read-document.ts'

type PasswordLogin = Extract<LoginRecord, { readonly kind: 'basic' }>

/** How long an answer is waited for (ms). */
const LIMIT_MS = 5_000

/** What the answer of a login says about anybody, or about a login that could not be tried. */
type Trial =
  | { readonly isOpen: boolean; readonly url: string }
  | { readonly isOpen: null; readonly reason: string }

/**
 * Calls the address of every login with a password, without a password. An address that answers as it would to a user
 * lets everybody in (docs/x-flow.md#logins-with-a-password).
 */
export async function tryLogins(
  { document, model, urls }: CommandDocument,
  settings: Settings
): Promise<Diagnostic[]> {
  const logins = model.index.logins.filter(login => login.kind === 'basic')
  const allowed = allowUrls(settings, urls)
  const egress = createEgress(allowed, { secureContext: await readTlsFiles(allowed) })
  const limits = { CONNECT_TIMEOUT_MS: LIMIT_MS, UPSTREAM_TIMEOUT_MS: LIMIT_MS }
  const control = createControlClient(limits, egress)
  const client = createIdentityClient(control, limits, egress.policy.isNamed)
  try {
    const tried = await Promise.all(
      logins.map(async login => diagnosticOf(login, await tryLogin(client, login, model.index)))
    )
    const found = tried.filter(diagnostic => diagnostic !== null)
    return locateDiagnostics(found, document)
  } finally {
    control.close()
  }
}

async function tryLogin(
  client: IdentityClient,
  login: PasswordLogin,
  { documentUrl }: { readonly documentUrl: string }
): Promise<Trial> {
  const access = { serverUrl: null, serverVariables: {}, variables: {} }
  try {
    const url = identityUrl(login, login.checkUrl, 'api', { documentUrl, access })
    const isOpen = await acceptsAnybody(client, url, login)
    return { isOpen, url: url.origin + url.pathname }
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    return { isOpen: null, reason: error.message }
  }
}

/** @throws ConnectorError if the answer says nothing about it. */
async function acceptsAnybody(
  client: IdentityClient,
  url: URL,
  { map, failure }: PasswordLogin
): Promise<boolean> {
  try {
    const keys = { headers: {}, query: [], cookies: [] }
    const request = { url, authorization: null, keys, failure }
    await checkCredential(client, request, map, new AbortController().signal)
    return true
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    const status = Number(error.holes.status)
    const isRefused = status >= 400 && status < 500 && status !== 429
    const isUnproven = error.code === 'LOGIN_DENIED' || error.code === 'IDENTITY_ANSWER_INVALID'
    if (isRefused || isUnproven) return false
    throw error
  }
}

function diagnosticOf({ scheme }: PasswordLogin, trial: Trial): UnlocatedDiagnostic | null {
  const at = pointer('/components/securitySchemes', scheme, 'x-flow-identity')
  if (trial.isOpen === null) {
    return unlocatedDiagnostic('LOGIN_UNTRIED', at, { scheme, reason: trial.reason })
  }
  return trial.isOpen ? unlocatedDiagnostic('LOGIN_OPEN', at, { scheme, url: trial.url }) : null
}
