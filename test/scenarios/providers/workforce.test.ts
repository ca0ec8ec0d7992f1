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

testOpenIdProviders(rows)
