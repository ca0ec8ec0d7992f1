import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { isSignedWith } from '../openmetadata/aws-signature.ts'
import { PETS, prepareRuns } from '../openmetadata/run-catalog.ts'
import { startOpenMetadata } from '../openmetadata/start-openmetadata.ts'
import { createAuthority } from '../support/create-authority.ts'
import { startApi } from '../support/start-api.ts'
import { startFiles } from '../support/start-files.ts'
import { closedPort, startTlsUpstream } from '../support/start-upstream.ts'

const NOWHERE = 'http://127.0.0.1:1/api'

test('I16 the connection test has two steps, and calls no server of OpenMetadata', async t => {
  const { run } = prepareRuns(t, NOWHERE)
  const { code, out } = await run(['--test-connection'])
  assert.deepEqual([code, out], [0, 'CheckURL     passed\nCheckSchema  passed\n'])
})

const failing = [
  { name: 'a page that is not there', status: 404, text: '', url: 'failed', says: /404/ },
  { name: 'a page that is protected', status: 401, text: '', url: 'failed', says: /401/ },
  { name: 'words', status: 200, text: 'hello', url: 'passed', says: /DOCUMENT_NOT_OPENAPI/ },
  {
    name: 'JSON of something else',
    status: 200,
    text: '{"a":1}',
    url: 'passed',
    says: /NOT_OPENAPI/
  },
  { name: 'broken YAML', status: 200, text: 'openapi: [', url: 'passed', says: /line 1/ }
]
for (const { name, status, text, url, says } of failing) {
  test(`I16 ${name} fails ${url === 'failed' ? 'CheckURL' : 'CheckSchema'} with its own message`, async t => {
    const files = await startFiles(t, {
      '/openapi.yaml': (_, response) => response.writeHead(status).end(text)
    })
    const document = `openAPISchemaURL: ${files.url}/openapi.yaml`
    const { run } = prepareRuns(t, NOWHERE, { document })
    const { code, out } = await run(['--test-connection', '--json'])
    assert.equal(code, 1)
    const { steps } = JSON.parse(out)
    assert.deepEqual(
      steps.map(({ name: step, state }: { name: string; state: string }) => `${step} ${state}`),
      url === 'failed'
        ? ['CheckURL failed', 'CheckSchema not run']
        : ['CheckURL passed', 'CheckSchema failed']
    )
    assert.match(steps.map(({ reason }: { reason: string }) => reason).join(), says)
  })
}

test('I16 a server of documents that cannot be reached, and a file that is not there, fail CheckURL', async t => {
  const address = `openAPISchemaURL: http://${await closedPort()}/openapi.json`
  const { out } = await prepareRuns(t, NOWHERE, { document: address }).run(['--test-connection'])
  assert.match(out, /^CheckURL +failed: .*refused.*\nCheckSchema +not run$/m)
  const document = 'openAPISchemaConnection: { openAPISchemaFilePath: none.yaml }'
  const file = await prepareRuns(t, NOWHERE, { document }).run(['--test-connection'])
  assert.match(file.out, /^CheckURL +failed: .*there is no such file/)
})

test('I17 a document over TLS is checked as its connection says', async t => {
  const authority = createAuthority(t)
  const url = await startTlsUpstream(t, authority.issue('IP:127.0.0.1'), (_, response) =>
    response.end(PETS)
  )
  const document = `openAPISchemaURL: ${url}/pets.yaml`
  const code = async (connection: string): Promise<number> => {
    const { run } = prepareRuns(t, NOWHERE, { document, connection })
    return (await run(['--test-connection'])).code
  }
  assert.equal(await code(''), 1)
  assert.equal(await code('verifySSL: no-ssl'), 1)
  assert.equal(await code('verifySSL: ignore'), 0)
  const own = `verifySSL: validate\nsslConfig: { caCertificate: ${authority.certFile} }`
  assert.equal(await code(own), 0)
  const content = authority.cert
    .trim()
    .split('\n')
    .map(line => `    ${line}`)
  assert.equal(
    await code(`verifySSL: validate\nsslConfig:\n  caCertificate: |\n${content.join('\n')}`),
    0
  )
})

test('I26 a certificate that is not there is told by its key', async t => {
  const { run } = prepareRuns(t, 'https://127.0.0.1:1/api', {
    server: 'verifySSL: validate\nsslConfig: { caCertificate: none.pem }'
  })
  const { code, err } = await run()
  assert.equal(code, 2)
  assert.match(
    err,
    /openMetadataServerConfig\.sslConfig\.caCertificate is ".*none\.pem"; allowed is a file that can be read/
  )
})

test('A11 I17 the server of OpenMetadata is checked as its configuration says, also with a client certificate', async t => {
  const authority = createAuthority(t)
  const client = authority.issue('DNS:bot')
  const server = await startOpenMetadata(t, { connection: 'openAPISchemaConnection' })
  const plain = new URL(server.url)
  const url = await startTlsUpstream(
    t,
    { ...authority.issue('IP:127.0.0.1'), requestCert: true, ca: authority.cert },
    (request, response) => {
      const { url: path = '', method = 'GET', headers } = request
      const chunks: Buffer[] = []
      request
        .on('data', chunk => chunks.push(chunk))
        .on('end', async () => {
          const { authorization = '' } = headers
          const body = chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}
          const answer = await fetch(new URL(path, plain), {
            method,
            headers: { authorization },
            ...body
          })
          response.writeHead(answer.status, { 'content-type': 'application/json' })
          response.end(await answer.text())
        })
    }
  )
  const state = async (lines: string): Promise<string> =>
    (await prepareRuns(t, `${url}/api`, { server: lines }).report()).state
  assert.equal(await state(''), 'failed')
  const trust = `verifySSL: validate
sslConfig: { caCertificate: ${authority.certFile}, sslCertificate: ${client.certFile}, sslKey: ${client.keyFile} }`
  assert.equal(await state(trust), 'success')
  assert.equal(
    await state(
      `verifySSL: ignore\nsslConfig: { sslCertificate: ${client.certFile}, sslKey: ${client.keyFile} }`
    ),
    'success'
  )
})

const KEYS = 'awsAccessKeyId: AKID, awsSecretAccessKey: hush, awsRegion: eu-west-1'

test('I16 a document in S3 is read by a signed URL, which is shown nowhere', async t => {
  const s3 = await startApi(t, '')
  s3.answer((_, response) => response.end(PETS))
  const server = await startOpenMetadata(t, { connection: 'openAPISchemaConnection' })
  const document = `openAPISchemaConnection: { openAPISchemaS3URL: "s3://api docs/v1/pets.yml", awsCredentials: { ${KEYS}, endPointURL: "${s3.url}" } }`
  const { run, report } = prepareRuns(t, server.url, { document })
  const { code, out, err } = await run()
  assert.equal(code, 0, out + err)
  const [call] = s3.calls
  assert.match(call?.url ?? '', /^\/api%20docs\/v1\/pets\.yml\?.*X-Amz-Signature=/)
  assert.ok(call !== undefined && isSignedWith('hush', call))
  const stored = JSON.stringify(server.calls.map(({ body }) => body))
  assert.doesNotMatch(stored, /X-Amz|Signature/)
  assert.match(stored, /"endpointURL":"http:\/\/127\.0\.0\.1:\d+\/api%20docs\/v1\/pets\.yml"/)
  s3.answer({ status: 403, text: '<Error><Code>SignatureDoesNotMatch</Code></Error>' })
  const { failures } = await report()
  assert.deepEqual(
    failures.map(({ kind, name, code: failed }) => [kind, name, failed]),
    [['source', 'CheckURL', 'DOCUMENT_STATUS']]
  )
})

test('I16 keys for S3 come from a profile, or are exchanged for those of a role', async t => {
  const aws = await startApi(t, '')
  const runs = prepareRuns(t, NOWHERE, {
    document: `openAPISchemaConnection: { openAPISchemaS3URL: "s3://docs/pets.yml", awsCredentials: { awsRegion: eu-west-1, endPointURL: "${aws.url}", profileName: reader, assumeRoleArn: "arn:aws:iam::1:role/reader", assumeRoleSourceIdentity: me } }`
  })
  const credentials = join(runs.directory, 'credentials')
  writeFileSync(
    credentials,
    '[default]\naws_access_key_id = WRONG\naws_secret_access_key = wrong\n\n[reader]\naws_access_key_id = AKID\naws_secret_access_key = hush\n'
  )
  const role = { AccessKeyId: 'ROLE', SecretAccessKey: 'role-secret', SessionToken: 'session' }
  aws.answer({ json: { AssumeRoleResponse: { AssumeRoleResult: { Credentials: role } } } })
  aws.answer((_, response) => response.end(PETS))
  const environment = { AWS_SHARED_CREDENTIALS_FILE: credentials, AWS_ENDPOINT_URL_STS: aws.url }
  const { code, out } = await runs.run(['--test-connection'], { environment })
  assert.equal(code, 0, out)
  const [exchange, read] = aws.calls
  assert.ok(exchange !== undefined && isSignedWith('hush', exchange))
  assert.deepEqual(Object.fromEntries(new URLSearchParams(exchange.body)), {
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: 'arn:aws:iam::1:role/reader',
    RoleSessionName: 'openapi-flow',
    SourceIdentity: 'me'
  })
  assert.ok(read !== undefined && isSignedWith('role-secret', read))
  assert.match(read.url, /X-Amz-Security-Token=session/)
  const none = await runs.run(['--test-connection'], { environment: { HOME: runs.directory } })
  assert.match(none.out, /the profile "reader" has no access key of AWS/)
})
