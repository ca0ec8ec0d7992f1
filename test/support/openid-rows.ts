import { test } from 'node:test'

import type { OpenIdProvider } from './openid-answers.ts'
import { openIdAnswers } from './openid-answers.ts'
import type { ExpectedLogin } from './provider-login.ts'
import {
  assertDeniesUsedCode,
  assertLoginUrl,
  assertLogsIn,
  assertLogsNobodyIn,
  assertRefusesWrongSecret
} from './provider-login.ts'
import type { ProviderAnswer, ProviderCall } from './start-fake-provider.ts'
import { startFakeProvider } from './start-fake-provider.ts'

/** An OpenID Provider: what it says at its documented addresses. */
export type OpenIdRow = Omit<ExpectedLogin, 'token'> & {
  /** The word of its block on docs/providers.md. */
  readonly block: string
  /** What the test is about, if the block has several. */
  readonly as?: string
  readonly provider: OpenIdProvider
  readonly hosts?: readonly string[]
  readonly change?: (block: string) => string
}

/** An answer in JSON. */
export const json = (value: unknown, status = 200): ProviderAnswer => ({ status, json: value })

/** What RFC 6749 5.2 says to a wrong proof and to a wrong code. */
export const INVALID_CLIENT = json({ error: 'invalid_client' }, 401)
export const INVALID_GRANT = json({ error: 'invalid_grant' }, 400)
/** Metadata that name both ways of a secret. */
export const BOTH = {
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post']
}

/** Answers to the access token. */
export const forToken =
  (claims: object) =>
  ({ headers }: ProviderCall): ProviderAnswer =>
    headers.authorization === 'Bearer at-1' ? json(claims) : json({}, 401)

/** Tests that users log in with each provider as docs/providers.md says, and that nobody does by forged tokens. */
export function testOpenIdProviders(rows: readonly OpenIdRow[]): void {
  for (const { block, as, provider, hosts = [], change, ...expected } of rows) {
    const name = as === undefined ? block : `${block}, ${as}`
    const options = { hosts, ...(change !== undefined && { change }) }

    test(`I11 I12 I13 I15 I17 docs/providers.md: users log in with ${name}`, async t => {
      const started = await startFakeProvider(t, block, openIdAnswers(provider), options)
      await assertLoginUrl(started, { ...expected, token: 'at-1' })
      await assertLogsIn(started, { ...expected, token: 'at-1' })
    })

    test(`I11 I18 docs/providers.md: ${name} refuses a used code and a wrong secret in its words`, async t => {
      const started = await startFakeProvider(t, block, openIdAnswers(provider), options)
      await assertRefusesWrongSecret(started)
      await assertDeniesUsedCode(started)
    })

    for (const [what, forgery] of [
      ['signed by another key', { isForeign: true }],
      ['of another issuer', { claims: { iss: 'https://evil.example' } }],
      ['for another application', { claims: { aud: 'another' } }],
      ['that has expired', { claims: { exp: 1_700_000_000 } }]
    ] as const) {
      test(`A13 an id token of ${name} ${what} logs nobody in`, async t => {
        const answer = openIdAnswers(provider, forgery)
        await assertLogsNobodyIn(await startFakeProvider(t, block, answer, options))
      })
    }
  }
}
