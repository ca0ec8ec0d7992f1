import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { readWorkflow } from '../../service/ingest/workflow/read-workflow.ts'
import type { WorkflowParts } from '../openmetadata/run-catalog.ts'
import { workflowText } from '../openmetadata/run-catalog.ts'

const HOST = 'https://om.example.com/api'

/** The diagnostics of a workflow file, as `line code message`. */
function found(text: string): string[] {
  return readWorkflow(text, 'w.yaml').diagnostics.map(
    ({ line, code, message }) => `${line} ${code} ${message}`
  )
}

function foundIn(parts: WorkflowParts, hostPort = HOST): string[] {
  return found(workflowText(hostPort, parts))
}

test('I26 a complete workflow file has no diagnostics', () => {
  const source = `markDeletedApiCollections: false
overrideMetadata: true
apiCollectionFilterPattern: { includes: [pet], excludes: [old] }
apiEndpointFilterPattern: null`
  const connection = `token: abc
docURL: https://docs.example.com/#
verifySSL: validate
sslConfig: { caCertificate: /ca.pem, sslCertificate: /c.pem, sslKey: /c.key }
apiCollectionFilterPattern: { includes: null }
apiEndpointFilterPattern: { excludes: ["/admin/.*"] }
supportsMetadataExtraction: true`
  const server = `verifySSL: ignore
type: OpenMetadata
storeServiceConnection: false
secretsManagerProvider: noop
secretsManagerLoader: env
apiVersion: v1
clusterName: openmetadata
extraHeaders: { X-Team: data }
enableVersionValidation: false
includeTables: true
limitRecords: 1000
forceEntityOverwriting: false
elasticsSearch: { config: {} }
supportsDataInsightExtraction: true`
  const root = `ingestionPipelineFQN: pets.metadata
pipelineRunId: 2f9cbd43-1b3c-4c1e-8b39-9b7f7e5f5a11`
  const text = workflowText(HOST, { source, connection, server, root, loggerLevel: 'WARNING' })
  const { file, diagnostics } = readWorkflow(text, 'w.yaml')
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['WORKFLOW_TLS_UNCHECKED']
  )
  assert.notEqual(file, null)
})

test('I26 a workflow file may be JSON', () => {
  const { file } = readWorkflow(workflowText(HOST), 'w.yaml')
  const { diagnostics } = readWorkflow(JSON.stringify(file), 'w.json')
  assert.deepEqual(diagnostics, [])
})

const unknown: readonly (readonly [
  parts: WorkflowParts,
  line: number,
  key: string,
  word: string
])[] = [
  [
    { source: 'markDeletedApiColections: true' },
    11,
    'source.sourceConfig.config.markDeletedApiColections',
    'markDeletedApiCollections'
  ],
  [
    { connection: 'docUrl: https://x.example.com' },
    8,
    'source.serviceConnection.config.docUrl',
    'docURL'
  ],
  [{ server: 'jwtTokn: x' }, 18, 'workflowConfig.openMetadataServerConfig.jwtTokn', ''],
  [
    { server: 'verifySsl: ignore' },
    18,
    'workflowConfig.openMetadataServerConfig.verifySsl',
    'verifySSL'
  ],
  [{ root: 'ingestionPipelineFqn: a.b' }, 18, 'ingestionPipelineFqn', 'ingestionPipelineFQN'],
  [
    { source: 'apiCollectionFilterPattern: { include: [a] }' },
    11,
    'source.sourceConfig.config.apiCollectionFilterPattern.include',
    'includes'
  ],
  [{ server: '__proto__: 1' }, 18, 'workflowConfig.openMetadataServerConfig.__proto__', '']
]
for (const [parts, line, key, word] of unknown) {
  test(`I26 the unknown key ${key} is named with its line and the nearest word`, () => {
    const hint = word === '' ? '' : ` (did you mean "${word}"?)`
    assert.deepEqual(foundIn(parts), [
      `${line} WORKFLOW_KEY_UNKNOWN \`${key}\` is no key of a workflow file${hint}`
    ])
  })
}

const bad: readonly (readonly [name: string, parts: WorkflowParts, line: number, says: RegExp])[] =
  [
    [
      'a flag that is text',
      { source: 'overrideMetadata: "no"' },
      11,
      /`source\.sourceConfig\.config\.overrideMetadata` must be boolean/
    ],
    ['an unknown level', { loggerLevel: 'LOUD' }, 13, /`workflowConfig\.loggerLevel` is "LOUD"/],
    [
      'an unknown way of verifying',
      { server: 'verifySSL: sometimes' },
      18,
      /verifySSL` is "sometimes"/
    ],
    [
      'an address of no web',
      { document: 'openAPISchemaURL: ftp://x/openapi.json' },
      7,
      /openAPISchemaURL` is "ftp:/
    ],
    ['a page of no web', { connection: 'docURL: docs' }, 8, /docURL` is "docs"/],
    ['a name with colons', { serviceName: '"a::b"' }, 3, /source\.serviceName` is "a::b"/],
    ['a name of 257 characters', { serviceName: 'x'.repeat(257) }, 3, /source\.serviceName` is "x/],
    [
      'a broken expression',
      { source: 'apiCollectionFilterPattern: { includes: ["pet", "("] }' },
      11,
      /`includes\[1\]` is no expression that can be matched: missing/
    ],
    [
      'an expression that looks ahead',
      { source: 'apiEndpointFilterPattern: { excludes: ["(?!a)b"] }' },
      11,
      /`excludes\[0\]` is no expression/
    ],
    [
      'a filter that is text',
      { source: 'apiCollectionFilterPattern: pet' },
      11,
      /apiCollectionFilterPattern` must be/
    ],
    [
      'a header that cannot be sent',
      { server: 'extraHeaders: { "a b": c }' },
      18,
      /extraHeaders\.a b` cannot be sent/
    ],
    ['a number for a token', { connection: 'token: 5' }, 8, /token` must be string/],
    [
      'two documents',
      { connection: 'openAPISchemaURL: https://x.example.com/a.json' },
      7,
      /the place of the document` is given more than once/
    ],
    [
      'no document',
      { document: 'openAPISchemaConnection: {}' },
      7,
      /openAPISchemaURL, openAPISchemaFilePath or openAPISchemaS3URL` is missing/
    ],
    [
      'an object in S3 without keys',
      { document: 'openAPISchemaConnection: { openAPISchemaS3URL: "s3://b/k" }' },
      7,
      /awsCredentials` is missing/
    ],
    [
      'a certificate without its key',
      { connection: 'sslConfig: { sslCertificate: /c.pem }' },
      8,
      /sslConfig\.sslKey` is missing/
    ],
    [
      'a provider of secrets of others',
      { server: 'secretsManagerProvider: gcp' },
      18,
      /`secretsManagerProvider` is "gcp", which is not supported/
    ],
    [
      'a loader that is not read',
      { server: 'secretsManagerProvider: aws\nsecretsManagerLoader: airflow' },
      19,
      /`secretsManagerLoader` is "airflow"/
    ]
  ]
for (const [name, parts, line, says] of bad) {
  test(`I26 ${name} is told with its line`, () => {
    const [first = '', ...others] = foundIn(parts)
    assert.deepEqual(others, [])
    assert.match(first, says)
    assert.equal(Number.parseInt(first, 10), line, first)
  })
}

for (const provider of ['okta', 'azure', 'google', 'auth0', 'custom-oidc', 'basic', 'no_auth']) {
  test(`I26 the provider ${provider} of logins is refused by name`, () => {
    const text = workflowText(HOST).replace('Provider: openmetadata', `Provider: ${provider}`)
    assert.deepEqual(found(text), [
      `16 WORKFLOW_VALUE_UNSUPPORTED \`authProvider\` is "${provider}", which is not supported`
    ])
  })
}

for (const token of ['{bot_jwt_token}', '<jwt>', '{{ token }}', '[token]']) {
  test(`I26 ${token} is told to be no token`, () => {
    const text = workflowText(HOST).replace('bot-token-of-the-tests', `"${token}"`)
    assert.deepEqual(
      readWorkflow(text, 'w.yaml').diagnostics.map(({ code, line }) => `${line} ${code}`),
      ['17 WORKFLOW_TOKEN_UNFILLED']
    )
  })
}

test('I26 with no-auth no token is needed', () => {
  const text = workflowText(HOST)
    .replace('authProvider: openmetadata', 'authProvider: no-auth')
    .replace(/ {4}securityConfig.*\n/, '')
  assert.deepEqual(found(text), [])
})

test('I26 a missing token is told', () => {
  const text = workflowText(HOST).replace(/ {4}securityConfig.*\n/, '')
  assert.deepEqual(found(text), ['14 WORKFLOW_KEY_MISSING `securityConfig.jwtToken` is missing'])
})

test('I26 a key with nothing after it is as one that is left out', () => {
  const blank = 'apiEndpointFilterPattern:\nmarkDeletedApiCollections:'
  const parts = { source: blank, connection: 'token:\nsslConfig:', server: 'extraHeaders:' }
  assert.deepEqual(foundIn(parts), [])
  assert.deepEqual(found('source:\nsink:\nworkflowConfig:\n').length, 3)
})

test('I26 variables of the environment are replaced in values, and what is not set stays', () => {
  const source = 'apiCollectionFilterPattern: { includes: ["^pet$", "$other"] }'
  const text = workflowText(`\${OM_HOST}/api`, { source, serviceName: 'my_$NAME' })
  const environment = { OM_HOST: 'https://om.example.com', NAME: 'pets' }
  const { file } = readWorkflow(text, 'w.yaml', environment)
  assert.equal(file?.source.serviceName, 'my_pets')
  assert.equal(file?.workflowConfig.openMetadataServerConfig.hostPort, HOST)
  const { apiCollectionFilterPattern } = file?.source.sourceConfig.config ?? {}
  assert.deepEqual(apiCollectionFilterPattern?.includes, ['^pet$', '$other'])
  assert.deepEqual(found(text), [
    `16 WORKFLOW_VALUE_INVALID \`workflowConfig.openMetadataServerConfig.hostPort\` is "\${OM_HOST}/api", which is no such value`
  ])
})

test('I26 missing keys are told at what should have them', () => {
  assert.deepEqual(found('source: { type: rest, serviceName: a }\nworkflowConfig: {}\n'), [
    '1 WORKFLOW_KEY_MISSING `source.serviceConnection` is missing',
    '1 WORKFLOW_KEY_MISSING `source.sourceConfig` is missing',
    '1 WORKFLOW_KEY_MISSING `sink` is missing',
    '2 WORKFLOW_KEY_MISSING `workflowConfig.openMetadataServerConfig` is missing'
  ])
})

test('I26 steps that have no meaning here are told and ignored', () => {
  const { file, diagnostics } = readWorkflow(
    workflowText(HOST, { root: 'processor: { type: query-parser, config: {} }\nbulkSink: {}' }),
    'w.yaml'
  )
  assert.notEqual(file, null)
  assert.deepEqual(
    diagnostics.map(({ severity, message }) => `${severity} ${message}`),
    [
      'info `processor` is ignored: the catalog of an API has no such step',
      'info `bulkSink` is ignored: the catalog of an API has no such step'
    ]
  )
})

test('I26 a token that is still the one of the manual is told', () => {
  const text = readFileSync('test/openmetadata/rest_config.yaml', 'utf8')
  assert.deepEqual(found(text), [
    '29 WORKFLOW_TOKEN_UNFILLED `securityConfig.jwtToken` is still "{bot_jwt_token}", which stands for a token'
  ])
})

test('I26 a token over http to a public server is a warning, and none to a private one', () => {
  assert.deepEqual(foundIn({}, 'http://om.example.com/api'), [
    '15 WORKFLOW_TOKEN_EXPOSED `hostPort` is http, so that everybody on the way can read the token'
  ])
  assert.deepEqual(foundIn({}, 'http://openmetadata-server:8585/api'), [])
  assert.deepEqual(foundIn({}, 'http://10.0.0.5:8585/api'), [])
})

test('I26 validate needs the certificate of an authority, where the server is called over https', () => {
  assert.deepEqual(foundIn({ server: 'verifySSL: validate' }), [
    '14 WORKFLOW_KEY_MISSING `sslConfig.caCertificate` is missing'
  ])
  assert.deepEqual(foundIn({ server: 'verifySSL: validate' }, 'http://localhost:8585/api'), [])
})

test('I26 a value is quoted only where it is no secret', () => {
  const text = workflowText(HOST).replace('jwtToken: bot-token-of-the-tests', 'jwtToken: [hush]')
  const [first = '', ...others] = found(text)
  assert.deepEqual(others, [])
  assert.match(first, /jwtToken` must be string/)
  assert.doesNotMatch(first, /hush/)
})

for (const [name, text, code] of [
  ['text that is no mapping', 'just words', 'WORKFLOW_MALFORMED'],
  ['a list', '- a\n- b', 'WORKFLOW_MALFORMED'],
  ['nothing', '', 'WORKFLOW_MALFORMED'],
  ['broken YAML', 'source: [', 'DOCUMENT_NOT_PARSED']
] as const) {
  test(`I26 a workflow file with ${name} is refused`, () => {
    assert.throws(() => readWorkflow(text, 'w.yaml'), { code })
  })
}
