import type { RouteOptions } from 'fastify'
import fc from 'fast-check'

import type { JsonValue } from '../../service/base/json.ts'
import type { FuzzedAnswer } from './api-answers.ts'
import { fuzzedAnswer } from './api-answers.ts'
import { API_KEY, DOOR_TOKEN, type FuzzedDocument } from './fuzz-target.ts'
import { damaged, hostileText, nearly, stretched } from './hostile-values.ts'
import { arbitraryOf, plain, type Vocabulary } from './schema-arbitrary.ts'

/** A request of the service, and what the API does because of it. */
export type FuzzedRequest = {
  readonly method: string
  readonly path: string
  readonly headers: { readonly [name: string]: string }
  /** Blank for none. */
  readonly body: string
  readonly answers: readonly FuzzedAnswer[]
}

const CRITERIA = [
  'EQUAL',
  'NOT_EQUAL',
  'GREATER_THAN',
  'LESS_THAN_OR_EQUAL',
  'STARTS_WITH',
  'ENDS_WITH',
  'CONTAINS',
  'IS_EMPTY',
  'LIKE'
]
const CONTENT_TYPES = [
  'ContentString',
  'ContentNumber',
  'ContentDateTime',
  'ContentObject',
  'ContentList'
]
const IDS = ['1', 'a', '{"id":1}', '', 'gen:1', 'x/y']

/** Requests of a route, from valid ones to those that nobody would send. */
export function requestsOf(
  route: RouteOptions,
  documents: readonly FuzzedDocument[]
): fc.Arbitrary<FuzzedRequest> {
  const bodies = fc.oneof(...documents.map(document => bodyOf(route, document)))
  return fc
    .record({
      method: fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(...[route.method].flat()) },
        {
          weight: 1,
          arbitrary: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE')
        }
      ),
      path: fc.oneof(
        { weight: 9, arbitrary: usualPath(route.url) },
        { weight: 3, arbitrary: unusualPath(route.url) }
      ),
      headers,
      body: fc.option(bodies, { freq: 20, nil: '' }),
      answers: fc.array(fuzzedAnswer, { maxLength: 5 })
    })
    .map(request =>
      /^(GET|HEAD|TRACE|OPTIONS)$/.test(request.method) ? { ...request, body: '' } : request
    )
}

/** Bodies as latin1 text, so that any byte can stand in one. */
function bodyOf(route: RouteOptions, document: FuzzedDocument): fc.Arbitrary<string> {
  const body = member(route.schema, 'body')
  const valid = arbitraryOf(body, vocabularyOf(document))
  const written = (value: JsonValue): Buffer => Buffer.from(JSON.stringify(value))
  return fc
    .oneof(
      { weight: 8, arbitrary: valid.map(written) },
      { weight: 4, arbitrary: nearly(valid).map(written) },
      { weight: 1, arbitrary: stretched(fc.oneof(valid, nearly(valid))).map(written) },
      { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }).map(plain).map(written) },
      { weight: 2, arbitrary: damaged(valid) }
    )
    .map(bytes => bytes.toString('latin1'))
}

function vocabularyOf({ url, types, properties }: FuzzedDocument): Vocabulary {
  const configuration = [
    { developerName: 'Schema URL', contentValue: url },
    { developerName: 'API Key', contentValue: API_KEY },
    { developerName: 'Basic: Username', contentValue: 'ana' },
    { developerName: 'Basic: Password', contentValue: API_KEY },
    { developerName: 'OAuth2/OIDC: Client Id', contentValue: 'client' },
    { developerName: 'OAuth2/OIDC: Client Secret', contentValue: API_KEY }
  ]
  const name = fc.constantFrom(...(types.length === 0 ? ['Nothing'] : types))
  const more = fc.record({
    developerName: fc.constantFrom(
      'Server URL',
      'Server Variables',
      'Variables',
      'Schema URL',
      'X'
    ),
    contentValue: hostileText
  })
  return {
    words: {
      type: ['Nothing', ...types],
      columnName: ['Nothing', ...properties],
      orderByPropertyDeveloperName: ['Nothing', ...properties],
      criteriaType: CRITERIA,
      contentType: CONTENT_TYPES,
      comparisonType: ['AND', 'OR'],
      direction: ['ASC', 'DESC'],
      orderByDirectionType: ['ASC', 'DESC'],
      contentValue: ['', '1', 'true', 'a', '2024-03-01T10:00:00Z', ...IDS],
      value: ['1', 'a'],
      id: IDS,
      externalId: IDS,
      internalId: IDS,
      stateId: ['s-1', 's-2'],
      search: ['a']
    },
    values: {
      developerName: fc.oneof(
        { weight: 200, arbitrary: fc.constantFrom('Nothing', ...properties, ...types) },
        { weight: 1, arbitrary: hostileText }
      ),
      objectDataType: fc.oneof(
        { weight: 30, arbitrary: name.map(developerName => ({ developerName })) },
        { weight: 1, arbitrary: fc.constantFrom<JsonValue>(null, {}) }
      ),
      configurationValues: fc.oneof(
        { weight: 30, arbitrary: fc.constant<JsonValue>(configuration) },
        { weight: 2, arbitrary: more.map(value => [...configuration, value]) },
        { weight: 1, arbitrary: fc.constantFrom<JsonValue>(null, [], [{}]) }
      )
    },
    usual: [
      'configurationValues',
      'objectDataType',
      'listFilter',
      'objectData',
      'externalId',
      'properties',
      'developerName',
      'contentValue'
    ]
  }
}

const user = fc
  .dictionary(
    fc.constantFrom('ManyWhoTenantId', 'UserId', 'Email', 'Token', 'DirectoryId', '__proto__', ''),
    hostileText,
    { maxKeys: 6 }
  )
  .map(fields =>
    Object.entries(fields)
      .map(([key, value]) => `${key}=${value.toWellFormed()}`)
      .join('&')
  )

/** Text that Node's client lets stand in a header. */
const headerText = hostileText.map(text => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').trim())

/** What the platform sends, or not. */
const usualHeaders = {
  'content-type': fc.oneof(
    { weight: 9, arbitrary: fc.constant('application/json') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('application/JSON ; charset=x', 'text/plain', 'a/b/c', ';')
    }
  ),
  authorization: fc.oneof(
    user.map(encodeURIComponent),
    user.map(text => text.replace(/[^\t\x20-\x7e]/g, '')),
    fc.constantFrom('Basic', 'Basic YTpi', 'Basic !!', 'Bearer x', '%zz', '%ff'),
    headerText
  ),
  manywhotenant: fc.oneof(fc.uuid(), headerText),
  manywhostate: headerText,
  culture: headerText
}

/** What others may send. */
const unusualHeaders = {
  accept: fc.constantFrom('*/*', 'text/html', 'nonsense'),
  'accept-encoding': fc.constantFrom('gzip', 'identity;q=0', 'nonsense'),
  'accept-version': headerText,
  'content-encoding': fc.constantFrom('gzip', 'identity'),
  'if-none-match': headerText,
  expect: fc.constant('nonsense'),
  range: fc.constant('bytes=0-1'),
  cookie: headerText,
  'x-forwarded-for': headerText,
  'x-http-method-override': fc.constant('DELETE'),
  constructor: headerText
}

const headers: fc.Arbitrary<FuzzedRequest['headers']> = fc
  .oneof(
    fc.record(usualHeaders, { requiredKeys: ['content-type'] }),
    fc.record({ ...usualHeaders, ...unusualHeaders }, { requiredKeys: [] })
  )
  .map(given =>
    Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value ?? '']))
  )

const segment = fc.oneof(
  hostileText.map(text => encodeURIComponent(text.toWellFormed())),
  hostileText.map(text => text.replace(/[^!$-;=?-Z_a-z~]/g, '')),
  fc.constantFrom('..', '%2e%2e', '%00', '%zz', '%c0%af', ';', '*', 'k', DOOR_TOKEN)
)

/** The route's path below the door, each of its parameters filled. */
function usualPath(url: string): fc.Arbitrary<string> {
  const names = fc.oneof(fc.constantFrom('weather.yaml', 'petstore.yaml', 'a'), segment)
  const query = fc.option(segment, { freq: 1, nil: null })
  return fc.tuple(fc.array(names, { minLength: 8, maxLength: 8 }), query).map(([given, more]) => {
    let next = 0
    const path = url.replace(/\*|:\w+/g, () => given[next++] ?? 'a')
    return `/k/${DOOR_TOKEN}${path}${more === null ? '' : `?${more}`}`
  })
}

/** Paths beside the route, behind the door and before it. */
function unusualPath(url: string): fc.Arbitrary<string> {
  const path = url.replace(/\*|:\w+/g, 'a')
  return fc.oneof(
    fc.constant(path),
    fc
      .constantFrom('', '/', '//', '/k', '/k/', `/k/${DOOR_TOKEN.slice(1)}`)
      .map(door => door + path),
    segment.map(more => `/k/${DOOR_TOKEN}${path}/${more}`),
    segment.map(more => `/k/${DOOR_TOKEN}/${more}${path}`),
    segment.map(more => `/k/${more}${path}`),
    fc.constant(`/k/${DOOR_TOKEN}${path.toUpperCase()}`),
    fc.constant(`//k//${DOOR_TOKEN}${path.replaceAll('/', '//')}//`),
    fc.constant(`/k/${DOOR_TOKEN}/../k/${DOOR_TOKEN}${path}`)
  )
}

function member(schema: unknown, name: 'body'): unknown {
  return typeof schema === 'object' && schema !== null && name in schema ? schema[name] : {}
}
