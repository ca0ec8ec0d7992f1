import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'

import type { FlowAnswer, StartedConnector } from './start-connector.ts'
import { startConnector } from './start-connector.ts'
import { codeBlocks } from './code-blocks.ts'
import { REDIRECT_URI } from './start-provider.ts'
import { startUpstream } from './start-upstream.ts'
import { TENANT } from './login.ts'

/** The blocks of the page, by the word after `yaml`. */
const blocks = new Map(
  codeBlocks(readFileSync('docs/providers.md', 'utf8')).flatMap(({ info, text: block }) => {
    const [, name] = /^yaml (\S+)$/.exec(info) ?? []
    return name === undefined ? [] : [[name, block] as const]
  })
)

/** How the connector is known to fake providers. The secret has another form in form encoding. */
export const FAKE_CLIENT = { id: 'flow-client', secret: 's3cret~/+' }

/** An address on the page, by its host. Those of acme.example are names: an audience, a claim. */
const ADDRESS = /https:\/\/(?!(?:api\.)?acme\.example\/)([^/\s"',}]+)/g

/** A request to a fake provider. */
export type ProviderCall = {
  readonly method: string
  /** As on the page: `github.com`. */
  readonly host: string
  readonly path: string
  readonly query: URLSearchParams
  readonly form: URLSearchParams
  readonly headers: IncomingHttpHeaders
}

/** An answer: JSON, a form, or a text with its type. Undefined is a 404. */
export type ProviderAnswer =
  | {
      readonly status?: number
      readonly headers?: { readonly [name: string]: string }
      readonly json?: unknown
      readonly form?: { readonly [name: string]: string }
      readonly text?: string
      readonly type?: string
    }
  | undefined

/** What a provider answers at each of its hosts. `at` is the URL of a host while the test runs. */
export type AnswerCall = (
  call: ProviderCall,
  at: (host: string) => string
) => ProviderAnswer | Promise<ProviderAnswer>

export type StartedFakeProvider = {
  readonly connector: StartedConnector
  /** All calls, in order. */
  readonly calls: readonly ProviderCall[]
  /** The URL of a host of the page. */
  at(host: string): string
  /** Logs in with a code, optionally as another client. */
  logIn(code: string, secret?: string): Promise<FlowAnswer>
}

/** The API whose type `Thing` flows load; it is at `api.test`. */
const document = (server: string, scheme: string, schemes: string): string => `openapi: 3.0.3
info: {title: Things, version: '1'}
servers: [{url: '${server}'}]
security: [{${scheme}: []}]
paths:
  /things: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}}}}}
components:
  securitySchemes:
${schemes.replaceAll(/^(?=.)/gm, '    ')}
  schemas:
    Thing: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Thing}, x-flow-query: {path: /things}}
`

/**
 * Starts a server for every host that the block of a provider on docs/providers.md names, and a connector for a document
 * with that block as its security schemes.
 *
 * @param name The word after `yaml` of the block.
 * @param hosts Further hosts of the provider, which its metadata name.
 * @param change Changes the block, for what the page says in words.
 */
export async function startFakeProvider(
  t: TestContext,
  name: string,
  answer: AnswerCall,
  {
    hosts = [],
    change = block => block,
    more = {}
  }: {
    readonly hosts?: readonly string[]
    readonly change?: (block: string) => string
    readonly more?: { readonly [value: string]: string }
  } = {}
): Promise<StartedFakeProvider> {
  const given = blocks.get(name)
  assert.ok(given !== undefined, `docs/providers.md has no block "yaml ${name}"`)
  const block = change(given)
  const named = [...block.matchAll(ADDRESS)].map(([, host]) => host ?? '')
  const calls: ProviderCall[] = []
  const urls = new Map<string, string>()
  const at = (host: string): string => urls.get(host) ?? assert.fail(`no server for ${host}`)
  for (const host of new Set(['api.test', 'documents.test', ...named, ...hosts])) {
    const url = await startUpstream(t, async (request, response) => {
      const { pathname: path, searchParams: query } = new URL(request.url ?? '', 'http://x')
      if (host === 'documents.test') return void response.end(published)
      const form = new URLSearchParams(await text(request))
      const { method = '', headers } = request
      const call = { method, host, path, query, form, headers }
      calls.push(call)
      const said =
        host === 'api.test'
          ? { json: [{ id: headers.authorization ?? 'nobody' }] }
          : ((await answer(call, at)) ?? { status: 404, json: { error: 'Not Found' } })
      const { status = 200, json, form: pairs } = said
      const formText = pairs && new URLSearchParams(pairs).toString()
      const usual = pairs ? 'application/x-www-form-urlencoded' : 'application/json'
      response.writeHead(status, { 'content-type': said.type ?? usual, ...said.headers })
      response.end(said.text ?? formText ?? JSON.stringify(json ?? {}))
    })
    urls.set(host, url)
  }
  const [scheme = ''] = block.split(':', 1)
  const schemes = block.replaceAll(ADDRESS, (_, host: string) => at(host))
  const published = document(at('api.test'), scheme, schemes)
  const configuration = {
    'Schema URL': `${at('documents.test')}/things.yaml`,
    'OAuth2/OIDC: Client Id': FAKE_CLIENT.id,
    'OAuth2/OIDC: Client Secret': FAKE_CLIENT.secret,
    ...more
  }
  const connector = await startConnector(t, configuration)
  return {
    connector,
    calls,
    at,
    logIn: (code, secret) => {
      const changed = { ...configuration, 'OAuth2/OIDC: Client Secret': secret ?? '' }
      const as = secret === undefined ? connector : connector.as({ configuration: changed })
      const body = { authenticationType: 'OAUTH2', tenantId: TENANT, redirectUri: REDIRECT_URI }
      return as.send('POST', '/authentication', { ...body, code })
    }
  }
}

/** The ways in which clients prove themselves. */
export type ProofPlace = 'header' | 'body'

/** How a token endpoint answers. */
export type TokenAnswers = {
  /** Where it takes the client's proof. */
  readonly takes: readonly ProofPlace[]
  /** It does not decode the header, as RFC 6749 2.3.1 wants it. */
  readonly readsHeaderRaw?: boolean
  /** To a client that has not proved itself. */
  readonly refusal: ProviderAnswer
  /** To any code but the good one. */
  readonly usedCode: ProviderAnswer
  readonly granted: ProviderAnswer
}

/** The code that fake providers take. */
export const GOOD_CODE = 'good-code'

/** The answer of a token endpoint that knows one client and one code. */
export function tokenAnswer(
  { form, headers }: ProviderCall,
  answers: TokenAnswers
): ProviderAnswer {
  const { id, secret } = FAKE_CLIENT
  const [, base64 = ''] = headers.authorization?.split(' ') ?? []
  const pair = Buffer.from(base64, 'base64').toString()
  const encoded = `${id}:${new URLSearchParams({ s: secret }).toString().slice(2)}`
  const inHeader = pair === (answers.readsHeaderRaw === true ? `${id}:${secret}` : encoded)
  const inBody = form.get('client_id') === id && form.get('client_secret') === secret
  const isProven =
    (inHeader && answers.takes.includes('header')) || (inBody && answers.takes.includes('body'))
  if (!isProven) return answers.refusal
  const isGood = form.get('code') === GOOD_CODE && form.get('redirect_uri') === REDIRECT_URI
  return isGood ? answers.granted : answers.usedCode
}
