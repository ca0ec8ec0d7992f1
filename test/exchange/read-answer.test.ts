import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'

import type { ApiResponse } from '../../service/net/api-client.ts'
import { ConnectorError } from '../../service/errors.ts'
import { readAnswer as read } from '../../service/exchange/read-answer.ts'
import type { Answer } from '../../service/exchange/types.ts'
import { COMMON_OWNER } from '../../service/base/owner.ts'
import { holdBytes } from '../../service/net/response-budget.ts'
import { ANSWERS, REPEATED } from '../support/response-budget.ts'
import { plan } from './plan.ts'

const BOUNDS = {
  maxValues: 1_000_000,
  signal: new AbortController().signal,
  keepsSource: false,
  held: holdBytes(ANSWERS, COMMON_OWNER),
  repeated: REPEATED
}

/** A short answer is read at once. */
function readAnswer(call: Parameters<typeof read>[0], given: ApiResponse): Answer {
  const answer = read(call, given, BOUNDS)
  assert.ok(!(answer instanceof Promise))
  return answer
}

function response(
  status: number,
  body: string | Uint8Array,
  headers: Record<string, string> = { 'content-type': 'application/json' }
): ApiResponse {
  return { status, headers, body: typeof body === 'string' ? Buffer.from(body) : body }
}

function failure(given: ApiResponse, changes: Parameters<typeof plan>[0] = {}): ConnectorError {
  try {
    readAnswer(plan(changes), given)
  } catch (error) {
    assert.ok(error instanceof ConnectorError, inspect(error))
    return error
  }
  return assert.fail('the answer was taken')
}

test('JSON is read with all digits of its numbers', () => {
  const answer = readAnswer(plan(), response(200, '{"id":12345678901234567890,"a":1.50}'))
  assert.equal(JSON.stringify(answer.body), '{"id":12345678901234567890,"a":1.5}')
  assert.equal(answer.status, 200)
})

for (const type of [undefined, 'text/plain', 'text/html', 'application/hal+json; charset=utf-8']) {
  test(`JSON is taken under content type ${type}`, () => {
    const headers = type === undefined ? {} : { 'content-type': type }
    assert.deepEqual(readAnswer(plan(), response(200, '\ufeff[{"a":"é"}]', headers)).body, [
      { a: 'é' }
    ])
  })
}

test('the charset of an answer is respected, an unknown one is UTF-8', () => {
  const latin = { 'content-type': 'application/json; charset=ISO-8859-1' }
  const odd = { 'content-type': 'application/json; charset="none"' }
  assert.equal(readAnswer(plan(), response(200, Buffer.from('"é"', 'latin1'), latin)).body, 'é')
  assert.equal(readAnswer(plan(), response(200, '"é"', odd)).body, 'é')
})

const LONG = Array.from({ length: 20_000 }, (_, id) => ({ id, name: `é${id}` }))
const LONG_TEXT = JSON.stringify(LONG)

for (const [what, bytes, type] of [
  ['in UTF-8', Buffer.from(LONG_TEXT), 'application/json'],
  ['with a byte order mark', Buffer.from(`\ufeff${LONG_TEXT}`), 'application/json'],
  ['in ISO-8859-1', Buffer.from(LONG_TEXT, 'latin1'), 'application/json; charset=iso-8859-1'],
  ['in UTF-16', Buffer.from(LONG_TEXT, 'utf16le'), 'application/json; charset=utf-16le'],
  [
    'of one object a line',
    Buffer.from(LONG.map(row => JSON.stringify(row)).join('\n')),
    'application/x-ndjson'
  ]
] as const) {
  test(`H2 a long body ${what} is read in turns`, async () => {
    const given = response(200, bytes, { 'content-type': type })
    const answer = await read(plan(), given, { ...BOUNDS, keepsSource: true })
    assert.deepEqual(answer.body, LONG)
    const isWritten = what === 'in UTF-8' || what === 'with a byte order mark'
    assert.equal(answer.source, isWritten ? bytes : undefined)
  })
}

test('H2 bytes of a long body that are not UTF-8 are replaced, and the body is not kept', async () => {
  const bytes = Buffer.concat([
    Buffer.from(`{"a":"${'x'.repeat(70_000)}`),
    Buffer.from([0xe2, 0x82]),
    Buffer.from('","b":[1]}')
  ])
  const answer = await read(plan(), response(200, bytes), { ...BOUNDS, keepsSource: true })
  assert.deepEqual(answer.body, { a: `${'x'.repeat(70_000)}\ufffd`, b: [1] })
  assert.equal(answer.source, undefined)
})

test('H2 a long plain text is text, and a blank body none', async () => {
  const long = 'so it is, '.repeat(10_000).trim()
  const call = plan({ answersJson: false })
  const plain = { 'content-type': 'text/plain' }
  for (const [given, expected] of [
    [` ${long}`, long],
    [' '.repeat(100_000), undefined]
  ] as const) {
    assert.equal((await read(call, response(200, given, plain), BOUNDS)).body, expected)
  }
})

test('an answer without a body has none, its headers are kept', () => {
  for (const given of [
    response(200, ''),
    response(201, ' \n'),
    response(204, ''),
    response(205, 'x')
  ]) {
    const headers = { location: '/things/7' }
    assert.deepEqual(readAnswer(plan(), { ...given, headers }), {
      status: given.status,
      headers,
      body: undefined
    })
  }
})

for (const [name, given, message] of [
  [
    'a page',
    response(200, '<html>', { 'content-type': 'text/html; charset=utf-8' }),
    'answered 200 with text/html instead of JSON'
  ],
  [
    'JSON that breaks off',
    response(200, '{"a":'),
    'answered 200 with malformed application/json instead of JSON'
  ],
  [
    'text without a type',
    response(202, 'ok', {}),
    'answered 202 with a body of no media type instead of JSON'
  ],
  [
    'a type that is none',
    response(200, 'ok', { 'content-type': 'key s3cret' }),
    'answered 200 with a body of no media type instead of JSON'
  ]
] as const) {
  test(`UPSTREAM_NOT_JSON for ${name}`, () => {
    const error = failure(given)
    assert.equal(error.code, 'UPSTREAM_NOT_JSON')
    assert.equal(error.message, `api.example.com ${message}`)
  })
}

test('W13 UPSTREAM_REDIRECT for 3xx, whatever its body, names where it led without its query', () => {
  const key = { headers: { 'x-key': 's3cret-1' }, query: [], cookies: [] }
  const told = (status: number, headers: Record<string, string>, method = 'GET') => {
    const error = failure(response(status, '{}', headers), { method, credential: key })
    assert.equal(error.code, 'UPSTREAM_REDIRECT')
    return error.message.replace(/^api\.example\.com answered /, '')
  }
  assert.equal(
    told(302, { location: 'https://u:p@elsewhere.example.com/a/s3cret-1?session=1#top' }),
    '302, a redirect to https://elsewhere.example.com/a/*** that is not followed: it leads to another origin'
  )
  assert.equal(
    told(303, { location: '/done?id=7' }, 'POST'),
    '303, a redirect to https://api.example.com/done that is not followed: it would turn the POST into a GET'
  )
  for (const [status, location] of [
    [301, undefined],
    [308, 'http://[']
  ] as const) {
    assert.equal(
      told(status, location === undefined ? {} : { location }),
      `${status}, a redirect that is not followed: it names no address`
    )
  }
})

test('UPSTREAM_PROTOCOL for a status that HTTP does not have', () => {
  assert.equal(failure(response(999, '{}')).code, 'UPSTREAM_PROTOCOL')
})

for (const [body, message] of [
  ['{"message":" no  such\\n thing "}', 'no such thing'],
  ['{"message":"","error":{"message":"inner"}}', 'inner'],
  ['{"error":"invalid_grant","error_description":"expired"}', 'invalid_grant'],
  ['{"error":7,"error_description":"expired"}', 'expired'],
  ['{"title":"Bad","detail":"Too short"}', 'Too short'],
  ['{"title":"Bad"}', 'Bad'],
  ['{"errors":[{"message":"first"},{"message":"second"}]}', 'first'],
  ['{"errors":[{"detail":"first"}]}', 'first'],
  ['{"errors":["first"]}', 'first'],
  ['{"message":"a\\u0000b\\u001bc\\u2028d"}', 'a b c d'],
  ['{"message":{"text":"x"}}', 'the API answered 422'],
  ['["x"]', 'the API answered 422'],
  ['<html>no</html>', 'the API answered 422'],
  ['', 'the API answered 422']
] as const) {
  test(`H16 API_ERROR takes its message from ${body}`, () => {
    const error = failure(response(422, body))
    assert.deepEqual(
      [error.code, error.kind, error.status, error.message],
      ['API_ERROR', 'api', 422, message]
    )
  })
}

test('W11 a short plain text is the message of API_ERROR, a long one or a page is not', () => {
  const plain = { 'content-type': 'text/plain; charset=utf-8' }
  for (const [body, headers, message] of [
    ['Name must\n not be blank', plain, 'Name must not be blank'],
    ['x'.repeat(499), plain, 'x'.repeat(499)],
    ['x'.repeat(500), plain, 'the API answered 400'],
    ['{"message":"of JSON"}', plain, 'of JSON'],
    ['<html>no</html>', { 'content-type': 'text/html' }, 'the API answered 400'],
    ['no', {}, 'the API answered 400'],
    [' ', plain, 'the API answered 400']
  ] as const) {
    assert.equal(failure(response(400, body, headers)).message, message)
  }
})

test('W11 H16 what an API says of fields is masked and cut as any message', () => {
  const credential = { headers: { 'x-key': 'abcdefgh' }, query: [], cookies: [] }
  const body = JSON.stringify({ errors: { abcdefgh: ['is abcdefgh'], more: ['é'.repeat(600)] } })
  const { message } = failure(response(422, body), { credential })
  assert.ok(message.startsWith('***: is ***; more: éé'), message)
  assert.equal(message.length, 500)
})

test('H16 the message of API_ERROR is at most 500 characters, its body at most 4 KB', () => {
  const error = failure(response(500, JSON.stringify({ message: 'é'.repeat(9_000) })))
  assert.equal(error.message.length, 500)
  const bytes = Buffer.byteLength(error.upstream?.body ?? '')
  assert.ok(bytes === 4_096 || bytes === 4_095, `${bytes} bytes`)
  assert.ok(error.upstream?.body.endsWith('é'))
})

test('H16 API_ERROR shows the answer without query, logins, routes and connections', () => {
  const shown = {
    'content-type': 'application/json',
    'retry-after': '7',
    'www-authenticate': 'Bearer'
  }
  const hidden = {
    authorization: 'x',
    'set-cookie': 'x',
    'x-forwarded-for': 'x',
    connection: 'close',
    'transfer-encoding': 'chunked',
    'proxy-authenticate': 'x'
  }
  const url = 'https://user:pa55@api.example.com/things?key=s3cret#x'
  const error = failure(response(429, '{"a":1}', { ...shown, ...hidden }), { url })
  assert.deepEqual(error.upstream, {
    url: 'https://api.example.com/things',
    status: 429,
    headers: shown,
    body: '{"a":1}'
  })
})

test('H16 no credential of the plan is left in API_ERROR, however the API repeats it', () => {
  const basic = Buffer.from('jane:pass word+1').toString('base64')
  const credential = {
    headers: {
      authorization: 'Bearer tok/en"1=',
      'x-basic': `Basic ${basic}`,
      'x-key': 'key-one',
      cookie: 'session=c00kie; theme=dark'
    },
    query: [['key', 'käy & two']] as const,
    cookies: [['sid', 'crumb;1']] as const
  }
  const headers = { Authorization: 'Token from-the-author' }
  const url = 'https://api.example.com/tok%2Fen%221%3D/key-one'
  const repeated = [
    'Bearer tok/en"1=',
    'tok/en"1=',
    JSON.stringify('tok/en"1='),
    '"tok\\/en\\"1="',
    'tok%2Fen%221%3D',
    'tok%2fen%221%3d',
    basic,
    'pass word+1',
    'pass%20word%2B1',
    'key-one',
    'k%C3%A4y+%26+two',
    'käy & two',
    'crumb%3B1',
    'c00kie',
    'from-the-author'
  ]
  const parts = ['tok', 'en"1', basic, 'pass', 'key-one', 'two', 'crumb', 'c00kie', 'author']
  for (const text of repeated) {
    const nested = text.includes('\\/') ? text : JSON.stringify({ message: `you sent ${text}.` })
    for (const body of [`you sent ${text}.`, nested]) {
      const given = response(401, body, { 'x-echo': `you sent ${text}.` })
      const error = failure(given, { credential, headers, url })
      const shown = inspect(error, { depth: 9 })
      assert.match(error.upstream?.body ?? '', /\*\*\*/)
      for (const part of parts) assert.ok(!shown.includes(part), `${part} is left in ${shown}`)
    }
  }
})

for (const [credential, text, masked] of [
  [
    { headers: { 'x-key': 'e' } },
    'the key e (or "e", x=e) has ended here',
    'the key *** (or "***", x=***) has ended here'
  ],
  [
    { headers: { authorization: `Basic ${Buffer.from('u:p').toString('base64')}` } },
    'u:p is no user, p no password of a group; dTpw',
    '*** is no user, *** no password of a group; ***'
  ],
  [{ headers: { 'x-key': 'é1' } }, 'é1 and %C3%A91 in Café1', '*** and *** in Café1'],
  [
    { query: [['key', 'a.b']] as const },
    'a.b, but neither aXb nor a.be',
    '***, but neither aXb nor a.be'
  ],
  [{ cookies: [['sid', 'abc']] as const }, 'abcd abc_ sid=abc;abc', 'abcd abc_ sid=***;***'],
  [{ headers: { 'x-key': 'abcd' } }, 'xabcdx', 'x***x']
] as const) {
  test(`S18 H16 a secret of ${JSON.stringify(credential)} is masked in "${text}"`, () => {
    const whole = { headers: {}, query: [], cookies: [], ...credential }
    const error = failure(response(400, text), { credential: whole })
    assert.equal(error.upstream?.body, masked)
  })
}

test('H16 a credential that stands across the cut is removed whole', () => {
  const credential = { headers: { 'x-key': 'abcdefgh' }, query: [], cookies: [] }
  const error = failure(response(400, `${'x'.repeat(4_092)}abcdefgh`), { credential })
  assert.ok(error.upstream?.body.endsWith('x***'))
})

for (const [kind, body] of [
  ['JSON', (length: number) => JSON.stringify({ message: 'too much', more: 'x'.repeat(length) })],
  ['nested JSON', (length: number) => `{"message":"too much","a":${'['.repeat(length)}`],
  ['text', (length: number) => `too much ${'%61&amp;\\u0061'.repeat(length / 16)}`]
] as const) {
  test(`H21 of an error in ${kind} the first 64 KB are read, however long it is`, () => {
    const credential = { headers: { 'x-key': 'a'.repeat(4_000) }, query: [], cookies: [] }
    const start = process.cpuUsage()
    const error = failure(response(500, body(16_000_000)), { credential })
    const { user } = process.cpuUsage(start)
    assert.ok(user < 1_000_000, `${user} µs`)
    assert.equal(error.message, 'the API answered 500')
    assert.match(error.upstream?.body ?? '', /too much/)
    assert.ok(Buffer.byteLength(error.upstream?.body ?? '') <= 4_096)
  })
}

test('H21 an error of less than 64 KB tells its words, wherever they stand', () => {
  const text = JSON.stringify({ more: 'x'.repeat(60_000), message: 'the stock is empty' })
  assert.equal(failure(response(409, text)).message, 'the stock is empty')
})

test('API_ERROR names the missing configuration value on 401 and 403 only', () => {
  const missingCredential = 'API Key'
  const remedy = 'The API refused the call. Its answer is in responseBody.'
  for (const [status, added] of [
    [401, ' Configuration value "API Key" is missing.'],
    [403, ' Configuration value "API Key" is missing.'],
    [404, '']
  ] as const) {
    assert.equal(failure(response(status, ''), { missingCredential }).remedy, remedy + added)
  }
  assert.equal(failure(response(401, '')).remedy, remedy)
})

test('S17 API_ERROR names the configured values that were not sent on 401 and 403 only', () => {
  const unsentCredentials = ['Bearer Token', 'API Key']
  const told = (status: number) => failure(response(status, ''), { unsentCredentials }).remedy
  const why = 'is not sent, because `security` of the operation names no scheme for it.'
  for (const status of [401, 403]) {
    assert.ok(
      told(status).endsWith(` value "Bearer Token" ${why} Configuration value "API Key" ${why}`)
    )
  }
  assert.doesNotMatch(told(404), /not sent/)
})
