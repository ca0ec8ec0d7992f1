import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { s3Object } from '../../service/cli/document/s3-object.ts'
import { isSignedWith } from '../openmetadata/aws-signature.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import { startUpstream } from '../support/start-upstream.ts'

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret-of-the-key' }

type Asked = {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** An S3 service that answers objects to whoever signs for them, and refuses everybody else. */
async function startS3(t: TestContext, objects: { readonly [path: string]: string }) {
  const asked: Asked[] = []
  const url = await startUpstream(t, (request, response) => {
    const { method = '', url: path = '', headers } = request
    const call = { method, url: path, headers, body: '' }
    asked.push(call)
    const text = objects[path.split('?', 1)[0] ?? '']
    response.statusCode = !isSignedWith(KEYS.AWS_SECRET_ACCESS_KEY, call)
      ? 403
      : text === undefined
        ? 404
        : 200
    response.end(response.statusCode === 200 ? text : '<Error><Code>AccessDenied</Code></Error>')
  })
  return { url, asked, environment: { ...KEYS, AWS_ENDPOINT_URL_S3: url, AWS_REGION: 'eu-west-1' } }
}

const PETSTORE = readFileSync('openapi-samples/petstore.yaml', 'utf8')

test('A08 s3://bucket/key is read with a signature, and shown as any other document', async t => {
  const { asked, environment } = await startS3(t, { '/apis/v1/pets%20%2B.yaml': PETSTORE })
  const [file, object] = await Promise.all([
    runInTerminal(['preview', 'openapi-samples/petstore.yaml']),
    runInTerminal(['preview', 's3://apis/v1/pets +.yaml'], { environment })
  ])
  assert.deepEqual([object.code, object.out], [0, file.out], object.err)
  assert.equal(asked.length, 1)
  assert.match(asked[0]?.url ?? '', /X-Amz-Credential=AKIDEXAMPLE%2F\d{8}%2Feu-west-1%2Fs3%2F/)
})

test('A08 the URL of an object below an endpoint is signed, with a session token too', async t => {
  const { url, asked, environment } = await startS3(t, { '/apis/pets.yaml': PETSTORE })
  const session = { ...environment, AWS_SESSION_TOKEN: 'session' }
  const { code } = await runInTerminal(['preview', `${url}/apis/pets.yaml`], {
    environment: session
  })
  assert.equal(code, 0)
  assert.match(asked[0]?.url ?? '', /X-Amz-Security-Token=session/)
})

test('A08 documents in the same bucket that it refers to are signed as well', async t => {
  const bookings = readFileSync('openapi-samples/parts/bookings.yaml', 'utf8')
  const text = readFileSync('openapi-samples/references.yaml', 'utf8')
  const { asked, environment } = await startS3(t, {
    '/a/references.yaml': text,
    '/a/parts/bookings.yaml': bookings
  })
  const { code, out } = await runInTerminal(['preview', 's3://a/references.yaml'], { environment })
  assert.equal(code, 0)
  assert.match(out, /^Booking — A stay of a guest$/m)
  const paths = asked.map(({ url }) => url.split('?', 1)[0])
  assert.deepEqual(paths, ['/a/references.yaml', '/a/parts/bookings.yaml'])
})

test('A08 an overlay may be an object too', async t => {
  const overlay = `overlay: 1.0.0
info: { title: Fewer, version: '1' }
actions: [{ target: $.components.schemas.Pet.x-flow-delete, remove: true }]
`
  const { asked, environment } = await startS3(t, {
    '/apis/pets.yaml': PETSTORE,
    '/apis/fewer.yaml': overlay
  })
  const args = ['preview', 's3://apis/pets.yaml', '--overlay', 's3://apis/fewer.yaml']
  const { code, out, err } = await runInTerminal(args, { environment })
  assert.equal(code, 0, err)
  assert.doesNotMatch(out, /^ {2}delete: /m)
  assert.equal(asked.length, 2)
})

test('A08 keys may come from a profile, which those of the environment take precedence over', async t => {
  const { environment } = await startS3(t, { '/apis/pets.yaml': PETSTORE })
  const folder = mkdtempSync(join(tmpdir(), 'aws-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'credentials')
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, ...place } = environment
  writeFileSync(
    file,
    `[work]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n[other]\naws_access_key_id = a\naws_secret_access_key = b\n`
  )
  const profile = (name: string) => ({
    ...place,
    AWS_PROFILE: name,
    AWS_SHARED_CREDENTIALS_FILE: file
  })
  const args = ['preview', 's3://apis/pets.yaml']
  assert.equal((await runInTerminal(args, { environment: profile('work') })).code, 0)
  assert.equal(
    (await runInTerminal(args, { environment: { ...profile('other'), ...KEYS } })).code,
    0
  )
  const missing = await runInTerminal(args, { environment: profile('none') })
  assert.deepEqual(
    [missing.code, missing.err.split('\n', 1)[0]],
    [2, 'the profile "none" has no access key of AWS [AWS_KEYS_MISSING]']
  )
})

test('A08 an object that is not there, refused keys and no keys are told, without the signature', async t => {
  const { environment } = await startS3(t, {})
  const { AWS_ACCESS_KEY_ID: _, ...keyless } = environment
  const wrong = { ...environment, AWS_SECRET_ACCESS_KEY: 'another' }
  const run = (given: { readonly [name: string]: string }) =>
    runInTerminal(['check', 's3://apis/none.yaml'], { environment: given })
  for (const [given, message] of [
    [environment, /404/],
    [wrong, /403/],
    [keyless, /^the environment has no access key of AWS \[AWS_KEYS_MISSING\]/]
  ] as const) {
    const { code, out, err } = await run(given)
    assert.deepEqual([code, out], [2, ''])
    assert.match(err, message)
    assert.doesNotMatch(err, /X-Amz|Signature|AKIDEXAMPLE|secret-of-the-key|another/)
  }
})

test('A08 s3: without bucket or key is a wrong command', async () => {
  for (const given of ['s3:', 's3://', 's3://bucket', 's3://bucket/', 's3:///key']) {
    const { code, err } = await runInTerminal(['check', given], { environment: KEYS })
    assert.deepEqual(
      [code, err],
      [2, `"${given}" names no bucket and object, such as s3://bucket/openapi.yaml\n`]
    )
  }
})

const AWS_URLS: readonly (readonly [given: string, url: string | null, region: string])[] = [
  ['s3://apis/a/b.yaml', 'https://apis.s3.us-east-1.amazonaws.com/a/b.yaml', 'us-east-1'],
  ['S3://my.apis/b.yaml', 'https://s3.us-east-1.amazonaws.com/my.apis/b.yaml', 'us-east-1'],
  [
    'https://apis.s3.eu-west-1.amazonaws.com/b.yaml',
    'https://apis.s3.eu-west-1.amazonaws.com/b.yaml',
    'eu-west-1'
  ],
  [
    'https://s3.eu-west-1.amazonaws.com/apis/b.yaml',
    'https://s3.eu-west-1.amazonaws.com/apis/b.yaml',
    'eu-west-1'
  ],
  [
    'https://s3-eu-west-1.amazonaws.com/apis/b.yaml',
    'https://s3-eu-west-1.amazonaws.com/apis/b.yaml',
    'eu-west-1'
  ],
  ['https://apis.s3.amazonaws.com/b.yaml', 'https://apis.s3.amazonaws.com/b.yaml', 'us-east-1'],
  [
    'https://apis.s3.dualstack.us-gov-west-1.amazonaws.com/b',
    'https://apis.s3.dualstack.us-gov-west-1.amazonaws.com/b',
    'us-gov-west-1'
  ],
  [
    'https://apis.s3.cn-north-1.amazonaws.com.cn/b',
    'https://apis.s3.cn-north-1.amazonaws.com.cn/b',
    'cn-north-1'
  ],
  ['https://apis.s3.eu-west-1.amazonaws.com/b?X-Amz-Signature=a', null, ''],
  ['https://s3.example.com/apis/b.yaml', null, ''],
  ['https://api.execute-api.eu-west-1.amazonaws.com/b', null, ''],
  ['https://s3.eu-west-1.amazonaws.com.example.com/b', null, ''],
  ['https://example.com/s3.eu-west-1.amazonaws.com/b', null, '']
]

test('A08 both styles of URLs are known, with the region that they have', async () => {
  for (const [given, url, region] of AWS_URLS) {
    const object = s3Object(given, KEYS)
    assert.equal(object?.url ?? null, url, given)
    if (object === null) continue
    const signed = new URL(await object.sign(object.url))
    assert.match(
      signed.searchParams.get('X-Amz-Credential') ?? '',
      new RegExp(`/${region}/s3/`),
      given
    )
    assert.ok(
      isSignedWith(KEYS.AWS_SECRET_ACCESS_KEY, {
        method: 'GET',
        url: signed.href,
        headers: { host: signed.host },
        body: ''
      })
    )
  }
})

test('A08 a URL of AWS is read as it is where nobody can sign, since its object may be public', () => {
  assert.equal(s3Object('https://apis.s3.eu-west-1.amazonaws.com/b.yaml', {}), null)
  assert.equal(
    s3Object('https://apis.s3.eu-west-1.amazonaws.com/b.yaml', { ...KEYS, AWS_ACCESS_KEY_ID: '' }),
    null
  )
})
