import type { OpenIdRow } from '../../support/openid-rows.ts'
import {
  BOTH,
  forToken,
  INVALID_CLIENT,
  INVALID_GRANT,
  json,
  testOpenIdProviders
} from '../../support/openid-rows.ts'

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
  }
]

testOpenIdProviders(rows)
