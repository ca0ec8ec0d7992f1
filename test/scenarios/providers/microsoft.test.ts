import assert from 'node:assert/strict'
import { test } from 'node:test'

import { loginOf } from '../../support/login.ts'
import type { OpenIdProvider } from '../../support/openid-answers.ts'
import { openIdAnswers } from '../../support/openid-answers.ts'
import type { OpenIdRow } from '../../support/openid-rows.ts'
import { json, testOpenIdProviders } from '../../support/openid-rows.ts'
import { GOOD_CODE, startFakeProvider } from '../../support/start-fake-provider.ts'

type At = (host: string) => string

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
  }
]

testOpenIdProviders(rows)

test('I15 docs/providers.md: a user of Entra in too many groups logs in, and the log says that the list is cut', async t => {
  const [row] = rows
  assert.ok(row !== undefined)
  const claims = {
    roles: undefined,
    _claim_names: { groups: 'src1' },
    _claim_sources: { src1: { endpoint: 'https://graph.windows.net/t/users/o/getMemberObjects' } }
  }
  const change = (block: string): string => block.replace('groups: roles', 'groups: groups')
  const { connector, calls, logIn } = await startFakeProvider(
    t,
    row.block,
    openIdAnswers(row.provider, { claims }),
    { hosts: row.hosts ?? [], change }
  )
  assert.equal(loginOf(await logIn(GOOD_CODE)).userId, 'e7b1-oid')
  const line = connector.log.find(text => text.includes('groups of a user is cut'))
  assert.match(line ?? '', /another origin/)
  assert.ok(!calls.some(({ path }) => path.includes('getMemberObjects')))
})
