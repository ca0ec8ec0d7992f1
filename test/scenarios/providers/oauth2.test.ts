import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ExpectedLogin } from '../../support/provider-login.ts'
import {
  assertDeniesUsedCode,
  assertLoginUrl,
  assertLogsIn,
  assertRefusesWrongSecret
} from '../../support/provider-login.ts'
import type { AnswerCall, ProviderAnswer, ProviderCall } from '../../support/start-fake-provider.ts'
import { startFakeProvider, tokenAnswer } from '../../support/start-fake-provider.ts'

/** A provider without OpenID Connect: its answers at its documented addresses. */
type OAuth2Row = ExpectedLogin & {
  /** The word of its block on docs/providers.md. */
  readonly block: string
  /** Its addresses by `METHOD host/path`. */
  readonly answers: { readonly [place: string]: (call: ProviderCall) => ProviderAnswer }
  /** A wrong code looks like a wrong secret. */
  readonly hidesReason?: boolean
}

const json = (value: unknown, status = 200): ProviderAnswer => ({ status, json: value })

/** Answers to a bearer token, and refuses any other. */
const forToken =
  (token: string, answer: unknown, refusal: ProviderAnswer = json({ message: 'Bad token' }, 401)) =>
  ({ headers }: ProviderCall): ProviderAnswer =>
    headers.authorization === `Bearer ${token}` ? json(answer) : refusal

const rows: readonly OAuth2Row[] = [
  {
    block: 'github',
    authorization: ['github.com', '/login/oauth/authorize'],
    parameters: { scope: 'read:user', client_secret: null },
    user: {
      userId: '583231',
      username: 'octocat',
      email: 'octocat@github.com',
      firstName: 'The Octocat'
    },
    token: 'gho_1',
    answers: {
      'POST github.com/login/oauth/access_token': call => {
        // Form encoding is the default; JSON is for who asks for it.
        const told = (members: { readonly [name: string]: string }): ProviderAnswer =>
          call.headers.accept === 'application/json' ? json(members) : { form: members }
        return tokenAnswer(call, {
          takes: ['body'],
          refusal: call.form.has('client_secret')
            ? told({ error: 'incorrect_client_credentials', error_description: 'Wrong.' })
            : json({ error: 'Not Found' }, 404),
          usedCode: told({ error: 'bad_verification_code', error_description: 'Expired.' }),
          granted: told({ access_token: 'gho_1', scope: 'read:user', token_type: 'bearer' })
        })
      },
      'GET api.github.com/user': call =>
        (call.headers['user-agent'] ?? '') === ''
          ? json({ message: 'Request forbidden by administrative rules.' }, 403)
          : forToken('gho_1', {
              id: 583231,
              login: 'octocat',
              name: 'The Octocat',
              email: 'octocat@github.com'
            })(call)
    }
  },
  {
    block: 'slack',
    authorization: ['slack.com', '/oauth/v2/authorize'],
    parameters: { user_scope: 'channels:read,chat:write', scope: null },
    user: { userId: 'U0123', username: 'ana' },
    token: 'xoxp-user',
    groups: ['T0123ABCD'],
    answers: {
      'POST slack.com/api/oauth.v2.access': call =>
        call.form.has('user_scope')
          ? json({ ok: false, error: 'invalid_arg_name' })
          : tokenAnswer(call, {
              takes: ['header', 'body'],
              readsHeaderRaw: true,
              refusal: json({ ok: false, error: 'bad_client_secret' }),
              usedCode: json({ ok: false, error: 'code_already_used' }),
              granted: json({
                ok: true,
                access_token: 'xoxb-bot',
                token_type: 'bot',
                scope: 'commands',
                bot_user_id: 'U0BOT',
                team: { id: 'T0123ABCD', name: 'Acme' },
                enterprise: null,
                authed_user: {
                  id: 'U0123',
                  scope: 'channels:read,chat:write',
                  access_token: 'xoxp-user',
                  token_type: 'user'
                }
              })
            }),
      'GET slack.com/api/auth.test': forToken(
        'xoxp-user',
        {
          ok: true,
          url: 'https://acme.slack.com/',
          team: 'Acme',
          user: 'ana',
          team_id: 'T0123ABCD',
          user_id: 'U0123'
        },
        json({ ok: false, error: 'invalid_auth' })
      )
    }
  },
  {
    block: 'atlassian',
    authorization: ['auth.atlassian.com', '/authorize'],
    parameters: {
      audience: 'api.atlassian.com',
      prompt: 'consent',
      scope: 'read:me read:jira-work offline_access'
    },
    user: { userId: '5b10a2844c20165700ede21g', email: 'ana@acme.example', firstName: 'Ana Ruiz' },
    token: 'eyJ.atlassian',
    answers: {
      'POST auth.atlassian.com/oauth/token': call =>
        tokenAnswer(call, {
          takes: ['body'],
          refusal: json({ error: 'access_denied', error_description: 'Unauthorized' }, 401),
          usedCode: json(
            { error: 'invalid_grant', error_description: 'Invalid authorization code' },
            403
          ),
          granted: json({
            access_token: 'eyJ.atlassian',
            refresh_token: 'r1',
            expires_in: 3600,
            scope: 'read:me read:jira-work offline_access',
            token_type: 'Bearer'
          })
        }),
      'GET api.atlassian.com/me': forToken('eyJ.atlassian', {
        account_type: 'atlassian',
        account_id: '5b10a2844c20165700ede21g',
        email: 'ana@acme.example',
        name: 'Ana Ruiz',
        nickname: 'ana',
        account_status: 'active'
      })
    }
  },
  {
    block: 'zoom',
    authorization: ['zoom.us', '/oauth/authorize'],
    parameters: { scope: null },
    user: { userId: 'z8yAAAAA8bbbQ', email: 'ana@acme.example', lastName: 'Ruiz' },
    token: 'zoom-1',
    groups: ['pOe6AAAAAA'],
    answers: {
      'POST zoom.us/oauth/token': call =>
        tokenAnswer(call, {
          takes: ['header'],
          refusal: json(
            { reason: 'Invalid client_id or client_secret', error: 'invalid_client' },
            401
          ),
          usedCode: json({ reason: 'Invalid authorization code', error: 'invalid_grant' }, 400),
          granted: json({
            access_token: 'zoom-1',
            token_type: 'bearer',
            refresh_token: 'r1',
            expires_in: 3599,
            scope: 'user:read:user',
            api_url: 'https://api.zoom.us'
          })
        }),
      'GET api.zoom.us/v2/users/me': forToken('zoom-1', {
        id: 'z8yAAAAA8bbbQ',
        first_name: 'Ana',
        last_name: 'Ruiz',
        email: 'ana@acme.example',
        type: 2,
        status: 'active',
        verified: 1,
        group_ids: ['pOe6AAAAAA'],
        account_id: 'b2'
      })
    }
  },
  {
    block: 'hubspot',
    authorization: ['app.hubspot.com', '/oauth/authorize'],
    parameters: { scope: 'oauth crm.objects.contacts.read' },
    user: { userId: '9876', email: 'ana@acme.example', username: 'ana@acme.example' },
    token: 'CJ/+1=',
    groups: ['62515'],
    answers: {
      'POST api.hubapi.com/oauth/v1/token': call =>
        tokenAnswer(call, {
          takes: ['body'],
          refusal: json({ status: 'BAD_CLIENT_ID', message: 'missing or unknown client id' }, 400),
          usedCode: json({ status: 'BAD_AUTH_CODE', message: 'missing or unknown auth code' }, 400),
          granted: json({
            token_type: 'bearer',
            refresh_token: 'r1',
            access_token: 'CJ/+1=',
            expires_in: 1800
          })
        }),
      'GET api.hubapi.com/oauth/v1/access-tokens/CJ%2F%2B1%3D': () =>
        json({
          token: 'CJ/+1=',
          user: 'ana@acme.example',
          hub_domain: 'acme.example',
          scopes: ['oauth'],
          hub_id: 62515,
          app_id: 456,
          expires_in: 1754,
          user_id: 9876,
          token_type: 'access'
        })
    }
  },
  {
    block: 'spotify',
    authorization: ['accounts.spotify.com', '/authorize'],
    parameters: { scope: 'user-read-private' },
    user: { userId: 'smedjan', firstName: 'Ana', email: '(unknown)' },
    token: 'BQ-1',
    answers: {
      'POST accounts.spotify.com/api/token': call =>
        tokenAnswer(call, {
          takes: ['header', 'body'],
          readsHeaderRaw: true,
          refusal: json({ error: 'invalid_client', error_description: 'Invalid client' }, 400),
          usedCode: json(
            { error: 'invalid_grant', error_description: 'Invalid authorization code' },
            400
          ),
          granted: json({
            access_token: 'BQ-1',
            token_type: 'Bearer',
            scope: 'user-read-private',
            expires_in: 3600,
            refresh_token: 'r1'
          })
        }),
      'GET api.spotify.com/v1/me': forToken('BQ-1', {
        id: 'smedjan',
        display_name: 'Ana',
        email: 'boss@acme.example',
        product: 'premium',
        type: 'user'
      })
    }
  },
  {
    block: 'box',
    authorization: ['account.box.com', '/api/oauth2/authorize'],
    parameters: { scope: null },
    user: { userId: '11446498', email: 'ana@acme.example', firstName: 'Ana Ruiz' },
    token: 'box-1',
    groups: ['1234'],
    answers: {
      'POST api.box.com/oauth2/token': call =>
        tokenAnswer(call, {
          takes: ['body'],
          refusal: json(
            { error: 'invalid_client', error_description: 'The client credentials are invalid' },
            400
          ),
          usedCode: json(
            {
              error: 'invalid_grant',
              error_description: 'Auth code doesn’t exist or is invalid for the client'
            },
            400
          ),
          granted: json({
            access_token: 'box-1',
            expires_in: 4175,
            restricted_to: [],
            refresh_token: 'r1',
            token_type: 'bearer'
          })
        }),
      'GET api.box.com/2.0/users/me': call =>
        forToken('box-1', {
          type: 'user',
          id: '11446498',
          name: 'Ana Ruiz',
          login: 'ana@acme.example',
          // `enterprise` is given only where `fields` asks for it.
          ...(call.query.get('fields')?.includes('enterprise') === true && {
            enterprise: { type: 'enterprise', id: '1234', name: 'Acme' }
          })
        })(call)
    }
  },
  {
    block: 'servicenow',
    authorization: ['acme.service-now.com', '/oauth_auth.do'],
    user: { userId: '6816f79cc0a8016401c5a33be04be441', username: 'ana', lastName: 'Ruiz' },
    token: 'sn-1',
    hidesReason: true,
    answers: {
      'POST acme.service-now.com/oauth_token.do': call =>
        tokenAnswer(call, {
          takes: ['body'],
          refusal: json({ error_description: 'access_denied', error: 'server_error' }, 401),
          usedCode: json({ error_description: 'access_denied', error: 'server_error' }, 401),
          granted: json({
            access_token: 'sn-1',
            refresh_token: 'r1',
            scope: 'useraccount',
            token_type: 'Bearer',
            expires_in: 1799
          })
        }),
      'GET acme.service-now.com/api/now/table/sys_user': call =>
        forToken('sn-1', {
          result:
            call.query.get('sysparm_query') === 'sys_id=javascript:gs.getUserID()'
              ? [
                  {
                    sys_id: '6816f79cc0a8016401c5a33be04be441',
                    user_name: 'ana',
                    email: 'ana@acme.example',
                    first_name: 'Ana',
                    last_name: 'Ruiz'
                  }
                ]
              : [{ sys_id: 'somebody' }, { sys_id: 'else' }]
        })(call)
    }
  }
]

for (const row of rows) {
  const answer: AnswerCall = call => row.answers[`${call.method} ${call.host}${call.path}`]?.(call)

  test(`I11 I15 I17 docs/providers.md: users log in with ${row.block}`, async t => {
    const provider = await startFakeProvider(t, row.block, answer)
    await assertLoginUrl(provider, row)
    await assertLogsIn(provider, row)
  })

  test(`I11 I18 docs/providers.md: ${row.block} refuses a used code and a wrong secret in its words`, async t => {
    const provider = await startFakeProvider(t, row.block, answer)
    await assertRefusesWrongSecret(provider)
    if (row.hidesReason !== true) await assertDeniesUsedCode(provider)
  })

  test(`I11 ${row.block} works without the clientAuth of docs/providers.md, and a way that works is remembered`, async t => {
    const change = (block: string): string =>
      block.replace(/ *clientAuth: \w+\n/, '').replace(/clientAuth: \w+, /, '')
    const provider = await startFakeProvider(t, row.block, answer, { change })
    await assertLogsIn(provider, row)
    const before = provider.calls.length
    await assertLogsIn(provider, row)
    const tokenCalls = provider.calls.slice(before).filter(({ method }) => method === 'POST')
    assert.equal(tokenCalls.length, 1)
  })
}
