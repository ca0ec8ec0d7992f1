import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createLocalLookup, readSecrets } from '../../service/ingest/secrets/local-secrets.ts'
import { isSignedWith } from '../openmetadata/aws-signature.ts'
import { prepareRuns, workflowText } from '../openmetadata/run-catalog.ts'
import { BOT_TOKEN, startOpenMetadata } from '../openmetadata/start-openmetadata.ts'
import { startApi } from '../support/start-api.ts'

const AGE = { connection: 'openAPISchemaConnection' } as const

for (const [name, variable] of [
  ['/openmetadata/bot-token', 'OPENMETADATA_BOT_TOKEN'],
  ['/a/b', 'A_B'],
  ['OM_TOKEN', 'OM_TOKEN'],
  ['om.token', 'OM_TOKEN'],
  ['lower_case', 'lower_case']
] as const) {
  test(`F14 secret:${name} is the variable ${variable}`, async () => {
    assert.equal(await createLocalLookup({ [variable]: 'x' })(name), 'x')
    assert.equal(await createLocalLookup({})(name), null)
    assert.equal(await createLocalLookup({ [variable]: '' })(name), null)
  })
}

for (const [form, text] of [
  ['YAML', '# tokens\n/a/b: one\nTOKEN: "two"\nPIN: 7\n'],
  ['JSON', '{"/a/b":"one","TOKEN":"two","PIN":7}'],
  ['lines', '# tokens\n/a/b=one\nexport TOKEN="two"\n\nPIN=7\n'],
  ['lines of Windows', '# tokens\r\n/a/b=one\r\nTOKEN="two"\r\n\r\nPIN=7\r\n']
] as const) {
  test(`F14 a file of secrets may be ${form}`, () => {
    assert.deepEqual(
      [...readSecrets(text, 's')],
      [
        ['/a/b', 'one'],
        ['TOKEN', 'two'],
        ['PIN', '7']
      ]
    )
  })
}

for (const text of ['just words', '- a\n- b', 'a: [x]', 'a: null']) {
  test(`F14 ${JSON.stringify(text)} is no file of secrets, and is not quoted`, () => {
    assert.throws(() => readSecrets(text, 's.yaml'), {
      code: 'SECRETS_MALFORMED',
      message: 's.yaml is no file of secrets'
    })
  })
}

test('F14 a run takes its token from --secrets, else from the environment', async t => {
  const server = await startOpenMetadata(t, AGE)
  const runs = prepareRuns(t, server.url)
  const { write } = runs
  const text = workflowText(server.url)
  write('workflow.yaml', text.replace(BOT_TOKEN, '"secret:/om/token"'))
  write('secrets.yaml', `/om/token: ${BOT_TOKEN}\n`)
  assert.equal((await runs.run(['--secrets', 'secrets.yaml'])).code, 0)
  assert.equal((await runs.run([], { environment: { OM_TOKEN: `${BOT_TOKEN}\n` } })).code, 0)
  const missing = await runs.run()
  assert.equal(missing.code, 2)
  assert.match(
    missing.err,
    /there is no secret "\/om\/token" \[SECRET_UNKNOWN\]\n +Write it into the file of --secrets, or set OM_TOKEN in the environment/
  )
})

test('F14 a file of secrets that is not there is told', async t => {
  const { run } = prepareRuns(t, 'http://127.0.0.1:1/api')
  const { code, err } = await run(['--secrets', 'none.yaml'])
  assert.deepEqual([code, err], [2, '"none.yaml" cannot be read: there is no such file\n'])
})

test('F15 with the provider aws secrets come from Secrets Manager, by a signed call', async t => {
  const aws = await startApi(t, '')
  const server = await startOpenMetadata(t, AGE)
  const runs = prepareRuns(t, server.url, { server: 'secretsManagerProvider: aws' })
  const text = workflowText(server.url, {
    server: 'secretsManagerProvider: aws\nsecretsManagerLoader: env'
  })
  runs.write('workflow.yaml', text.replace(BOT_TOKEN, '"secret:/om/token"'))
  aws.answer({ json: { Name: '/om/token', SecretString: BOT_TOKEN } })
  const environment = {
    AWS_ACCESS_KEY_ID: 'AKID',
    AWS_SECRET_ACCESS_KEY: 'hush',
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: aws.url
  }
  const { code, err } = await runs.run([], { environment })
  assert.equal(code, 0, err)
  const [call] = aws.calls
  assert.equal(call?.body, '{"SecretId":"/om/token"}')
  assert.equal(call?.headers['x-amz-target'], 'secretsmanager.GetSecretValue')
  assert.match(
    String(call?.headers.authorization),
    /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-west-1\/secretsmanager\/aws4_request, SignedHeaders=/
  )
  assert.ok(call !== undefined && isSignedWith('hush', call))
  assert.ok(!isSignedWith('guess', call))

  aws.answer({
    status: 400,
    json: {
      __type: 'ResourceNotFoundException',
      Message: "Secrets Manager can't find the specified secret."
    }
  })
  const unknown = await runs.run([], { environment })
  assert.equal(unknown.code, 2)
  assert.match(unknown.err, /there is no secret "\/om\/token"/)

  aws.answer({ status: 400, json: { __type: 'AccessDeniedException', Message: 'not yours' } })
  const denied = await runs.run([], { environment })
  assert.equal(denied.code, 2)
  assert.match(denied.err, /not yours \[API_ERROR\]/)

  const keyless = await runs.run([], { environment: { AWS_REGION: 'eu-west-1' } })
  assert.match(keyless.err, /the environment has no access key of AWS/)
  const placeless = await runs.run()
  assert.match(placeless.err, /the environment has no AWS_REGION/)
})

test('F15 with the provider azure secrets come from Key Vault, with a token of the application', async t => {
  const azure = await startApi(t, '')
  const server = await startOpenMetadata(t, AGE)
  const runs = prepareRuns(t, server.url)
  const text = workflowText(server.url, {
    server: 'secretsManagerProvider: azure'
  })
  runs.write('workflow.yaml', text.replace(BOT_TOKEN, '"secret:/om/token"'))
  azure.answer({ json: { access_token: 'azure-token' } }, { json: { value: BOT_TOKEN } })
  const environment = {
    AZURE_TENANT_ID: 'tenant',
    AZURE_CLIENT_ID: 'app',
    AZURE_CLIENT_SECRET: 'hush-hush',
    AZURE_AUTHORITY_HOST: azure.url,
    AZURE_KEY_VAULT_NAME: azure.url
  }
  const { code, err } = await runs.run([], { environment })
  assert.equal(code, 0, err)
  const [token, secret] = azure.calls
  assert.equal(token?.url, '/tenant/oauth2/v2.0/token')
  assert.deepEqual(Object.fromEntries(new URLSearchParams(token?.body)), {
    grant_type: 'client_credentials',
    client_id: 'app',
    client_secret: 'hush-hush',
    scope: 'https://vault.azure.net/.default'
  })
  assert.equal(secret?.url, '/secrets/om-token?api-version=7.4')
  assert.equal(secret?.headers.authorization, 'Bearer azure-token')

  azure.answer({ json: { access_token: 'azure-token' } }, { status: 404, json: { error: {} } })
  assert.match((await runs.run([], { environment })).err, /there is no secret "\/om\/token"/)
  azure.answer({ status: 401, json: { error_description: 'wrong hush-hush given' } })
  const denied = await runs.run([], { environment })
  assert.doesNotMatch(denied.err, /hush-hush/)
  const { AZURE_TENANT_ID: _, ...less } = environment
  assert.match(
    (await runs.run([], { environment: less })).err,
    /the environment has no AZURE_TENANT_ID/
  )
})
