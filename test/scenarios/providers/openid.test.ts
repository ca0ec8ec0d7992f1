import { test } from 'node:test'

import type { OpenIdProvider } from '../../support/openid-answers.ts'
import { openIdAnswers } from '../../support/openid-answers.ts'
import type { ExpectedLogin } from '../../support/provider-login.ts'
import {
  assertDeniesUsedCode,
  assertLoginUrl,
  assertLogsIn,
  assertLogsNobodyIn,
  assertRefusesWrongSecret
} from '../../support/provider-login.ts'
import type { ProviderAnswer, ProviderCall } from '../../support/start-fake-provider.ts'
import { startFakeProvider } from '../../support/start-fake-provider.ts'

type At = (host: string) => string

/** An OpenID Provider: what it says at its documented addresses. */
type OpenIdRow = Omit<ExpectedLogin, 'token'> & {
  /** The word of its block on docs/providers.md. */
  readonly block: string
  /** What the test is about, if the block has several. */
  readonly as?: string
  readonly provider: OpenIdProvider
  readonly hosts?: readonly string[]
  readonly change?: (block: string) => string
}

const json = (value: unknown, status = 200): ProviderAnswer => ({ status, json: value })

const INVALID_CLIENT = json({ error: 'invalid_client' }, 401)
const INVALID_GRANT = json({ error: 'invalid_grant' }, 400)
const BOTH = {
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post']
}

/** Answers to the access token. */
const forToken =
  (claims: object) =>
  ({ headers }: ProviderCall): ProviderAnswer =>
    headers.authorization === 'Bearer at-1' ? json(claims) : json({}, 401)

const TENANT_ID = '9188040d-6c67-4c5b-b112-36a304b66dad'

/** Metadata of Microsoft Entra: of one tenant, or with a hole for it. */
function entraMetadata(issuer: (at: At) => string, tenant: string) {
  return (at: At) => {
    const base = `${at('login.microsoftonline.com')}/${tenant}`
    return {
      issuer: issuer(at),
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
      userinfo_endpoint: `${at('graph.microsoft.com')}/oidc/userinfo`,
      token_endpoint_auth_methods_supported: [
        ...['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
        'self_signed_tls_client_auth'
      ]
    }
  }
}

const ENTRA: Omit<OpenIdProvider, 'metadata' | 'metadataAt'> = {
  takes: ['header', 'body'],
  readsHeaderRaw: true,
  refusal: json({ error: 'invalid_client', error_description: 'AADSTS7000215' }, 401),
  usedCode: json({ error: 'invalid_grant', error_description: 'AADSTS54005' }, 400),
  claims: {
    sub: 'pairwise-1',
    oid: 'e7b1-oid',
    tid: TENANT_ID,
    preferred_username: 'ana@acme.example',
    name: 'Ana Ruiz',
    roles: ['Approver'],
    ver: '2.0'
  },
  // The token is for another API than Graph.
  userInfo: () =>
    json({ error: { code: 'InvalidAuthenticationToken', message: 'Invalid audience.' } }, 401)
}

const rows: readonly OpenIdRow[] = [
  {
    block: 'gitlab',
    authorization: ['gitlab.com', '/oauth/authorize'],
    parameters: { scope: 'openid profile email read_api' },
    user: { userId: '4711', username: 'ana', email: 'ana@acme.example' },
    groups: ['acme', 'acme/platform'],
    provider: {
      metadataAt: { host: 'gitlab.com', path: '/.well-known/openid-configuration' },
      metadata: at => ({
        issuer: at('gitlab.com'),
        authorization_endpoint: `${at('gitlab.com')}/oauth/authorize`,
        token_endpoint: `${at('gitlab.com')}/oauth/token`,
        userinfo_endpoint: `${at('gitlab.com')}/oauth/userinfo`,
        jwks_uri: `${at('gitlab.com')}/oauth/discovery/keys`,
        ...BOTH
      }),
      takes: ['header', 'body'],
      refusal: INVALID_CLIENT,
      usedCode: INVALID_GRANT,
      claims: { sub: '4711', sub_legacy: 'x', groups_direct: ['acme/platform'] },
      userInfo: forToken({
        sub: '4711',
        name: 'Ana Ruiz',
        nickname: 'ana',
        email: 'ana@acme.example',
        email_verified: true,
        groups: ['acme', 'acme/platform']
      })
    }
  },
  {
    block: 'google',
    authorization: ['accounts.google.com', '/o/oauth2/v2/auth'],
    parameters: { access_type: 'offline', prompt: 'consent', scope: 'openid email profile' },
    user: { userId: '10769150350006150715113082367', email: 'ana@acme.example', firstName: 'Ana' },
    hosts: ['oauth2.googleapis.com', 'openidconnect.googleapis.com', 'www.googleapis.com'],
    provider: {
      metadataAt: { host: 'accounts.google.com', path: '/.well-known/openid-configuration' },
      metadata: at => ({
        issuer: at('accounts.google.com'),
        authorization_endpoint: `${at('accounts.google.com')}/o/oauth2/v2/auth`,
        token_endpoint: `${at('oauth2.googleapis.com')}/token`,
        userinfo_endpoint: `${at('openidconnect.googleapis.com')}/v1/userinfo`,
        jwks_uri: `${at('www.googleapis.com')}/oauth2/v3/certs`,
        token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic']
      }),
      takes: ['header', 'body'],
      refusal: json({ error: 'invalid_client', error_description: 'Unauthorized' }, 401),
      usedCode: json({ error: 'invalid_grant', error_description: 'Malformed auth code.' }, 400),
      // A request for tokens must not have the parameters of the authorization URL.
      checkToken: ({ form }) =>
        form.has('access_type') || form.has('prompt')
          ? json({ error: 'invalid_request', error_description: 'Parameter not allowed' }, 400)
          : undefined,
      claims: {
        sub: '10769150350006150715113082367',
        azp: 'flow-client',
        hd: 'acme.example',
        email: 'ana@acme.example',
        email_verified: true
      },
      granted: { refresh_token: 'r1', scope: 'openid', expires_in: 3599 },
      userInfo: forToken({
        sub: '10769150350006150715113082367',
        name: 'Ana Ruiz',
        given_name: 'Ana',
        family_name: 'Ruiz',
        email: 'ana@acme.example',
        email_verified: true
      })
    }
  },
  {
    block: 'entra',
    authorization: ['login.microsoftonline.com', `/${TENANT_ID}/oauth2/v2.0/authorize`],
    user: { userId: 'e7b1-oid', username: 'ana@acme.example' },
    groups: ['Approver'],
    hosts: ['graph.microsoft.com'],
    provider: {
      ...ENTRA,
      metadataAt: {
        host: 'login.microsoftonline.com',
        path: `/${TENANT_ID}/v2.0/.well-known/openid-configuration`
      },
      metadata: entraMetadata(
        at => `${at('login.microsoftonline.com')}/${TENANT_ID}/v2.0`,
        TENANT_ID
      )
    }
  },
  {
    block: 'entra',
    as: 'any tenant',
    authorization: ['login.microsoftonline.com', '/common/oauth2/v2.0/authorize'],
    user: { userId: 'e7b1-oid' },
    groups: ['Approver'],
    hosts: ['graph.microsoft.com'],
    change: block => block.replace(TENANT_ID, 'common'),
    provider: {
      ...ENTRA,
      metadataAt: {
        host: 'login.microsoftonline.com',
        path: '/common/v2.0/.well-known/openid-configuration'
      },
      metadata: entraMetadata(at => `${at('login.microsoftonline.com')}/{tenantid}/v2.0`, 'common'),
      issuer: at => `${at('login.microsoftonline.com')}/${TENANT_ID}/v2.0`
    }
  },
  {
    block: 'entra',
    as: 'a domain name for the tenant, and tokens v1',
    authorization: ['login.microsoftonline.com', '/acme.onmicrosoft.com/oauth2/v2.0/authorize'],
    user: { userId: 'e7b1-oid' },
    hosts: ['graph.microsoft.com'],
    change: block => block.replace(`${TENANT_ID}/v2.0`, 'acme.onmicrosoft.com'),
    provider: {
      ...ENTRA,
      metadataAt: {
        host: 'login.microsoftonline.com',
        path: '/acme.onmicrosoft.com/.well-known/openid-configuration'
      },
      metadata: entraMetadata(
        () => `https://sts.windows.net/${TENANT_ID}/`,
        'acme.onmicrosoft.com'
      ),
      issuer: () => `https://sts.windows.net/${TENANT_ID}/`
    }
  },
  {
    block: 'entra',
    as: 'a policy of Azure AD B2C',
    authorization: [
      'acme.b2clogin.com',
      '/acme.onmicrosoft.com/b2c_1_signin/oauth2/v2.0/authorize'
    ],
    user: { userId: 'e7b1-oid' },
    change: block =>
      block.replace(
        `login.microsoftonline.com/${TENANT_ID}`,
        'acme.b2clogin.com/acme.onmicrosoft.com/B2C_1_signin'
      ),
    provider: {
      ...ENTRA,
      metadataAt: {
        host: 'acme.b2clogin.com',
        path: '/acme.onmicrosoft.com/B2C_1_signin/v2.0/.well-known/openid-configuration'
      },
      metadata: at => {
        const base = `${at('acme.b2clogin.com')}/acme.onmicrosoft.com/b2c_1_signin`
        return {
          issuer: `${at('acme.b2clogin.com')}/${TENANT_ID}/v2.0/`,
          authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
          token_endpoint: `${base}/oauth2/v2.0/token`,
          jwks_uri: `${base}/discovery/v2.0/keys`
        }
      }
    }
  },
  {
    block: 'okta',
    authorization: ['acme.okta.com', '/oauth2/default/v1/authorize'],
    parameters: { scope: 'openid profile email offline_access' },
    user: { userId: '00uid4BxXw6I6TV4m0g3', username: 'ana@acme.example' },
    groups: ['Everyone', 'Approvers'],
    provider: {
      metadataAt: {
        host: 'acme.okta.com',
        path: '/oauth2/default/.well-known/openid-configuration'
      },
      metadata: at => {
        const issuer = `${at('acme.okta.com')}/oauth2/default`
        return {
          issuer,
          authorization_endpoint: `${issuer}/v1/authorize`,
          token_endpoint: `${issuer}/v1/token`,
          userinfo_endpoint: `${issuer}/v1/userinfo`,
          jwks_uri: `${issuer}/v1/keys`,
          token_endpoint_auth_methods_supported: [
            ...['client_secret_basic', 'client_secret_post', 'client_secret_jwt'],
            ...['private_key_jwt', 'none']
          ]
        }
      },
      // The application is set to the body, whatever the metadata name.
      takes: ['body'],
      refusal: json(
        { error: 'invalid_client', error_description: 'Client authentication failed.' },
        401
      ),
      usedCode: json(
        { error: 'invalid_grant', error_description: 'The authorization code is invalid.' },
        400
      ),
      claims: { sub: '00uid4BxXw6I6TV4m0g3', groups: ['Everyone', 'Approvers'] },
      userInfo: forToken({
        sub: '00uid4BxXw6I6TV4m0g3',
        preferred_username: 'ana@acme.example',
        given_name: 'Ana',
        family_name: 'Ruiz',
        email: 'ana@acme.example',
        email_verified: true
      })
    }
  },
  {
    block: 'auth0',
    authorization: ['acme.eu.auth0.com', '/authorize'],
    parameters: { audience: 'https://api.acme.example/' },
    user: { userId: 'auth0|5f7c8ec7c33c6c004bbafe82', username: 'ana' },
    groups: ['approvers'],
    provider: {
      metadataAt: { host: 'acme.eu.auth0.com', path: '/.well-known/openid-configuration' },
      metadata: at => ({
        issuer: `${at('acme.eu.auth0.com')}/`,
        authorization_endpoint: `${at('acme.eu.auth0.com')}/authorize`,
        token_endpoint: `${at('acme.eu.auth0.com')}/oauth/token`,
        userinfo_endpoint: `${at('acme.eu.auth0.com')}/userinfo`,
        jwks_uri: `${at('acme.eu.auth0.com')}/.well-known/jwks.json`,
        ...BOTH
      }),
      takes: ['body'],
      refusal: json({ error: 'access_denied', error_description: 'Unauthorized' }, 401),
      usedCode: json(
        { error: 'invalid_grant', error_description: 'Invalid authorization code' },
        403
      ),
      checkToken: ({ form }) =>
        form.get('audience') === 'https://api.acme.example/'
          ? undefined
          : json({ error: 'access_denied' }, 403),
      claims: {
        sub: 'auth0|5f7c8ec7c33c6c004bbafe82',
        nickname: 'ana',
        'https://acme.example/roles': ['approvers']
      },
      userInfo: forToken({
        sub: 'auth0|5f7c8ec7c33c6c004bbafe82',
        nickname: 'ana',
        name: 'ana@acme.example',
        email: 'ana@acme.example',
        email_verified: true
      })
    }
  },
  {
    block: 'keycloak',
    authorization: ['sso.acme.example', '/realms/acme/protocol/openid-connect/auth'],
    user: { userId: 'f:1:ana', username: 'ana', lastName: 'Ruiz' },
    groups: ['approver', 'offline_access'],
    provider: {
      metadataAt: {
        host: 'sso.acme.example',
        path: '/realms/acme/.well-known/openid-configuration'
      },
      metadata: at => {
        const issuer = `${at('sso.acme.example')}/realms/acme`
        const base = `${issuer}/protocol/openid-connect`
        return {
          issuer,
          authorization_endpoint: `${base}/auth`,
          token_endpoint: `${base}/token`,
          userinfo_endpoint: `${base}/userinfo`,
          jwks_uri: `${base}/certs`,
          token_endpoint_auth_methods_supported: [
            ...['private_key_jwt', 'client_secret_basic', 'client_secret_post'],
            ...['tls_client_auth', 'client_secret_jwt']
          ]
        }
      },
      takes: ['header', 'body'],
      refusal: json({ error: 'unauthorized_client', error_description: 'Invalid client' }, 401),
      usedCode: json({ error: 'invalid_grant', error_description: 'Code not valid' }, 400),
      claims: {
        sub: 'f:1:ana',
        azp: 'flow-client',
        realm_access: { roles: ['approver', 'offline_access'] }
      },
      userInfo: forToken({
        sub: 'f:1:ana',
        preferred_username: 'ana',
        given_name: 'Ana',
        family_name: 'Ruiz',
        email_verified: false
      })
    }
  },
  {
    block: 'cognito',
    authorization: ['acme.auth.eu-central-1.amazoncognito.com', '/oauth2/authorize'],
    user: { userId: 'aaaa-1111', username: 'ana', email: 'ana@acme.example' },
    groups: ['approvers'],
    hosts: ['acme.auth.eu-central-1.amazoncognito.com'],
    provider: {
      metadataAt: {
        host: 'cognito-idp.eu-central-1.amazonaws.com',
        path: '/eu-central-1_AbCdEf123/.well-known/openid-configuration'
      },
      metadata: at => {
        const issuer = `${at('cognito-idp.eu-central-1.amazonaws.com')}/eu-central-1_AbCdEf123`
        const base = at('acme.auth.eu-central-1.amazoncognito.com')
        return {
          issuer,
          authorization_endpoint: `${base}/oauth2/authorize`,
          token_endpoint: `${base}/oauth2/token`,
          userinfo_endpoint: `${base}/oauth2/userInfo`,
          jwks_uri: `${issuer}/.well-known/jwks.json`,
          ...BOTH
        }
      },
      takes: ['header', 'body'],
      readsHeaderRaw: true,
      refusal: json({ error: 'invalid_client' }, 400),
      usedCode: INVALID_GRANT,
      claims: {
        sub: 'aaaa-1111',
        token_use: 'id',
        'cognito:groups': ['approvers'],
        'cognito:username': 'ana',
        email_verified: true
      },
      userInfo: forToken({
        sub: 'aaaa-1111',
        username: 'aaaa-1111',
        email: 'ana@acme.example',
        email_verified: 'true'
      })
    }
  },
  {
    block: 'salesforce',
    authorization: ['acme.my.salesforce.com', '/services/oauth2/authorize'],
    parameters: { scope: 'openid api refresh_token' },
    user: { userId: '005x00000012Q9P', username: 'ana@acme.example', email: 'ana@acme.example' },
    provider: {
      metadataAt: { host: 'acme.my.salesforce.com', path: '/.well-known/openid-configuration' },
      metadata: at => ({
        issuer: at('acme.my.salesforce.com'),
        authorization_endpoint: `${at('acme.my.salesforce.com')}/services/oauth2/authorize`,
        token_endpoint: `${at('acme.my.salesforce.com')}/services/oauth2/token`,
        userinfo_endpoint: `${at('acme.my.salesforce.com')}/services/oauth2/userinfo`,
        jwks_uri: `${at('acme.my.salesforce.com')}/id/keys`,
        token_endpoint_auth_methods_supported: [
          ...['client_secret_post', 'client_secret_basic', 'private_key_jwt']
        ]
      }),
      takes: ['header', 'body'],
      refusal: json({ error: 'invalid_client', error_description: 'invalid client' }, 400),
      usedCode: json(
        { error: 'invalid_grant', error_description: 'expired authorization code' },
        400
      ),
      claims: { sub: 'https://login.salesforce.com/id/00Dx0000001T0zk/005x00000012Q9P' },
      granted: {
        expires_in: undefined,
        instance_url: 'https://acme.my.salesforce.com',
        issued_at: '1278448384422',
        signature: 'x',
        id: 'https://login.salesforce.com/id/00Dx0000001T0zk/005x00000012Q9P'
      },
      userInfo: forToken({
        sub: 'https://login.salesforce.com/id/00Dx0000001T0zk/005x00000012Q9P',
        user_id: '005x00000012Q9P',
        organization_id: '00Dx0000001T0zk',
        preferred_username: 'ana@acme.example',
        email: 'ana@acme.example',
        email_verified: true
      })
    }
  },
  {
    block: 'xero',
    authorization: ['login.xero.com', '/identity/connect/authorize'],
    user: { userId: '1945393b-6eb7', email: 'ana@acme.example', lastName: 'Ruiz' },
    hosts: ['login.xero.com'],
    provider: {
      metadataAt: { host: 'identity.xero.com', path: '/.well-known/openid-configuration' },
      metadata: at => ({
        issuer: at('identity.xero.com'),
        authorization_endpoint: `${at('login.xero.com')}/identity/connect/authorize`,
        token_endpoint: `${at('identity.xero.com')}/connect/token`,
        userinfo_endpoint: `${at('identity.xero.com')}/connect/userinfo`,
        jwks_uri: `${at('identity.xero.com')}/.well-known/openid-configuration/jwks`,
        ...BOTH
      }),
      takes: ['header'],
      refusal: json({ error: 'invalid_client' }, 400),
      usedCode: INVALID_GRANT,
      claims: {
        sub: 'b0a4',
        xero_userid: '1945393b-6eb7',
        global_session_id: 's',
        preferred_username: 'ana@acme.example',
        email: 'ana@acme.example',
        given_name: 'Ana',
        family_name: 'Ruiz'
      },
      granted: { expires_in: 1800, refresh_token: 'r1' },
      userInfo: forToken({ sub: 'b0a4' })
    }
  },
  {
    block: 'linkedin',
    authorization: ['www.linkedin.com', '/oauth/v2/authorization'],
    parameters: { scope: 'openid profile email' },
    user: { userId: '782bbtaQ', email: 'ana@acme.example', firstName: 'Ana' },
    hosts: ['api.linkedin.com'],
    provider: {
      metadataAt: { host: 'www.linkedin.com', path: '/oauth/.well-known/openid-configuration' },
      metadata: at => ({
        issuer: `${at('www.linkedin.com')}/oauth`,
        authorization_endpoint: `${at('www.linkedin.com')}/oauth/v2/authorization`,
        token_endpoint: `${at('www.linkedin.com')}/oauth/v2/accessToken`,
        userinfo_endpoint: `${at('api.linkedin.com')}/v2/userinfo`,
        jwks_uri: `${at('www.linkedin.com')}/oauth/openid/jwks`
      }),
      takes: ['body'],
      refusal: json(
        { error: 'invalid_client', error_description: 'Client authentication failed' },
        401
      ),
      usedCode: json(
        {
          error: 'invalid_request',
          error_description:
            'Unable to retrieve access token: appid/redirect uri/code verifier does not match authorization code. Or authorization code expired.'
        },
        400
      ),
      checkToken: ({ form }) =>
        form.has('code_verifier') ? json({ error: 'invalid_client' }, 401) : undefined,
      claims: { sub: '782bbtaQ' },
      userInfo: forToken({
        sub: '782bbtaQ',
        name: 'Ana Ruiz',
        given_name: 'Ana',
        family_name: 'Ruiz',
        locale: { country: 'US', language: 'en' },
        email: 'ana@acme.example',
        email_verified: true
      })
    }
  },
  {
    block: 'shopify',
    authorization: ['shopify.com', '/authentication/12345678/oauth/authorize'],
    parameters: { scope: 'openid email' },
    user: { userId: '5928912109613', email: 'ana@acme.example', username: 'ana@acme.example' },
    provider: {
      metadataAt: {
        host: 'shopify.com',
        path: '/authentication/12345678/.well-known/openid-configuration'
      },
      metadata: at => {
        const base = `${at('shopify.com')}/authentication/12345678`
        return {
          issuer: base,
          authorization_endpoint: `${base}/oauth/authorize`,
          token_endpoint: `${base}/oauth/token`,
          jwks_uri: `${base}/.well-known/jwks.json`
        }
      },
      takes: ['header'],
      refusal: INVALID_CLIENT,
      usedCode: json(
        {
          error: 'invalid_request',
          error_description: 'The authorization code was not found or was already used'
        },
        400
      ),
      claims: { sub: '5928912109613', email: 'ana@acme.example', email_verified: true },
      granted: { refresh_token: 'r1' }
    }
  },
  {
    block: 'own',
    authorization: ['login.acme.example', '/authorize'],
    parameters: { scope: 'openid profile email groups offline_access' },
    user: { userId: 'ana', username: 'ana.ruiz', email: 'ana@acme.example' },
    groups: ['approvers'],
    provider: {
      metadataAt: { host: 'login.acme.example', path: '/.well-known/openid-configuration' },
      metadata: at => ({
        issuer: at('login.acme.example'),
        authorization_endpoint: `${at('login.acme.example')}/authorize`,
        token_endpoint: `${at('login.acme.example')}/token`,
        userinfo_endpoint: `${at('login.acme.example')}/userinfo`,
        jwks_uri: `${at('login.acme.example')}/jwks`
      }),
      takes: ['header'],
      refusal: INVALID_CLIENT,
      usedCode: INVALID_GRANT,
      claims: { sub: 'ana' },
      userInfo: forToken({
        sub: 'ana',
        preferred_username: 'ana.ruiz',
        email: 'ana@acme.example',
        email_verified: true,
        groups: ['approvers']
      })
    }
  }
]

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
