import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import test from 'node:test'

import type { StartedApi } from '../support/start-api.ts'
import { startApi } from '../support/start-api.ts'
import { found, problem, refusal, startConnector } from '../support/start-connector.ts'
import { startFiles } from '../support/start-files.ts'

const documentOf = (...names: readonly string[]): string => `
openapi: 3.0.3
info: { title: Things, version: '1' }
servers: [{ url: / }]
paths:
  /things: { get: { responses: { '200': { description: Some } } } }
components:
  schemas:
${names
  .map(
    name => `
    ${name}:
      type: object
      properties: { id: { type: string }, of${name}: { type: string } }
      x-flow-type: { name: ${name} }
      x-flow-query: { path: /things }`
  )
  .join('')}
`

/** Serves a text with its ETag, as static hosts do. */
function publishTagged(api: StartedApi, text: string): string[] {
  const answered: string[] = []
  const etag = `"${createHash('sha256').update(text).digest('hex')}"`
  api.publish((request, response) => {
    const isKnown = request.headers['if-none-match'] === etag
    answered.push(isKnown ? '304' : '200')
    response.writeHead(isKnown ? 304 : 200, { etag }).end(isKnown ? '' : text)
  })
  return answered
}

test('vector 1: describe without configuration values answers the form, no null where a flag stands', async t => {
  const connector = await startConnector(t, {})
  const bodies = ['{}', '{"configurationValues": null}', '{"configurationValues": []}', '[]', '']
  for (const path of ['/metadata', '/metadata/install']) {
    for (const body of bodies) {
      const { status, text } = await connector.send('POST', path, body)
      assert.equal(status, 200)
      assert.ok(text.includes('"developerName":"Schema URL"'))
      assert.doesNotMatch(text, /"(provides\w+|isRequired|required|order|ordinal)":null/)
      assert.ok(text.includes('"install":{"typeElements":[]}'))
    }
  }
})

test('vector 2: A28 what is installed refers only to itself, the same bytes every time', async t => {
  const connector = await startConnector(t, {})
  for (const sample of ['petstore', 'spotify', 'helpdesk', 'one-of', 'cycles', 'no-markup']) {
    const configured = connector.as({ configuration: { 'Schema URL': `sample:${sample}` } })
    const texts = []
    for (const path of ['/metadata', '/metadata/install', '/metadata', '/metadata/install']) {
      texts.push((await configured.send('POST', path)).text)
    }
    assert.deepEqual(texts.slice(2), texts.slice(0, 2))
    const { install, types, typeElements } = await configured.install()
    assert.deepEqual(types, install.typeElements)
    assert.deepEqual(typeElements, install.typeElements)
    assert.ok(texts[0]?.includes(JSON.stringify(install)))

    const names = typeElements.map(({ developerName }) => developerName.toLowerCase())
    assert.equal(new Set(names).size, names.length)
    const known = new Set(typeElements.map(({ developerName }) => developerName))
    for (const { properties, bindings } of typeElements) {
      const own = properties.map(({ developerName }) => developerName)
      assert.ok(own.length > 0)
      assert.equal(new Set(own.map(name => name.toLowerCase())).size, own.length)
      for (const { contentType, typeElementDeveloperName } of properties) {
        const nests = contentType === 'ContentObject' || contentType === 'ContentList'
        assert.equal(typeElementDeveloperName !== null, nests)
        assert.ok(typeElementDeveloperName === null || known.has(typeElementDeveloperName))
      }
      for (const { propertyBindings } of bindings) {
        for (const bound of propertyBindings) {
          assert.ok(own.includes(bound.typeElementPropertyDeveloperName))
        }
      }
    }
  }
})

test('A28 a document without any x-flow key installs the types that are inferred, and says so', async t => {
  const connector = await startConnector(t, { 'Schema URL': 'sample:no-markup' })
  const { types, diagnostics } = await connector.preview()
  assert.deepEqual(
    types.map(({ developerName }: { developerName: string }) => developerName),
    ['Customer', 'Order']
  )
  assert.ok(diagnostics.some(({ code }) => code === 'TYPES_INFERRED'))
  assert.deepEqual(refusal(await connector.load('Book')), ['TYPE_UNKNOWN', 404])
})

test('A28 with Inference off a document without any x-flow key installs, and says why there is no type', async t => {
  const off = { 'Schema URL': 'sample:no-markup', Inference: 'off' }
  const connector = await startConnector(t, off)
  const { types, diagnostics } = await connector.preview()
  assert.deepEqual(types, [])
  assert.deepEqual(
    diagnostics.map(({ code, severity }) => [code, severity]),
    [['DOCUMENT_NOT_ANNOTATED', 'info']]
  )
})

test('A27 an unchanged document is asked for by its ETag, and its model is kept', async t => {
  const api = await startApi(t, '')
  const answered = publishTagged(api, documentOf('Lamp'))
  const connector = await startConnector(
    t,
    { 'Schema URL': api.documentUrl },
    { DOCUMENT_TTL_S: '0' }
  )
  const first = await connector.install()
  assert.deepEqual(await connector.install(), first)
  api.answer({ json: [{ id: '1' }] })
  assert.equal(found(await connector.load('Lamp')).length, 1)
  assert.deepEqual(answered, ['200', '304', '304'])
})

test('A26 a changed document gives its new types', async t => {
  const api = await startApi(t, '')
  publishTagged(api, documentOf('Lamp'))
  const connector = await startConnector(
    t,
    { 'Schema URL': api.documentUrl },
    { DOCUMENT_TTL_S: '0' }
  )
  const names = async () =>
    (await connector.install()).typeElements.map(({ developerName }) => developerName)
  assert.deepEqual(await names(), ['Lamp'])
  publishTagged(api, documentOf('Chair', 'Lamp'))
  assert.deepEqual(await names(), ['Chair', 'Lamp'])
  api.answer({ json: [{ id: '1', ofChair: 'oak' }] })
  assert.deepEqual(found(await connector.load('Chair')), [
    { externalId: '1', id: '1', ofChair: 'oak' }
  ])
  publishTagged(api, documentOf('Chair'))
  const gone = problem(await connector.load('Lamp'))
  assert.deepEqual([gone.code, gone.statusCode], ['TYPE_UNKNOWN', 404])
})

test('A26 when a new version is broken the last good copy serves, and describe says so', async t => {
  for (const broken of [
    'openapi: 3.0.3\ninfo: { title: [',
    '<html>Moved</html>',
    '{"swagger":"1.2"}',
    null
  ]) {
    const api = await startApi(t, '')
    publishTagged(api, documentOf('Lamp'))
    const connector = await startConnector(
      t,
      { 'Schema URL': api.documentUrl },
      { DOCUMENT_TTL_S: '0' }
    )
    const good = await connector.install()
    assert.deepEqual((await connector.preview()).diagnostics, [])

    if (broken === null) api.publish((_, response) => response.writeHead(503).end())
    else publishTagged(api, broken)
    assert.deepEqual(await connector.install(), good)
    api.answer({ json: [{ id: '1' }] })
    assert.equal(found(await connector.load('Lamp')).length, 1)
    const [stale] = (await connector.preview()).diagnostics
    assert.deepEqual([stale?.code, stale?.severity], ['DOCUMENT_STALE', 'warning'])
    assert.match(stale?.message ?? '', /DOCUMENT_[A-Z_]+.*a copy that is \d+ s old is in use/)
    assert.equal(stale?.file, api.documentUrl)
  }
})

test('A26 within DOCUMENT_TTL_S the document is read once for all flow requests', async t => {
  const api = await startApi(t, documentOf('Lamp'))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: [] }, { json: [] }, { json: [] })
  await connector.install()
  await Promise.all([connector.load('Lamp'), connector.load('Lamp')])
  await connector.load('Lamp')
  assert.equal(api.fetches.length, 1)
})

test('C27 several mappings stand on one schema, and one operation serves several types', async t => {
  const api = await startApi(t, documentOf('Lamp', 'Chair'))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: [{ id: '1', ofLamp: 'a' }] }, { json: [{ id: '1', ofChair: 'b' }] })
  assert.deepEqual(found(await connector.load('Lamp')), [{ externalId: '1', id: '1', ofLamp: 'a' }])
  assert.deepEqual(found(await connector.load('Chair')), [
    { externalId: '1', id: '1', ofChair: 'b' }
  ])
  assert.deepEqual(api.takeCalls(), ['GET /things', 'GET /things'])
})

test('H19 broken schemas, paths and keys are diagnostics, and the rest works', async t => {
  const api = await startApi(
    t,
    `${documentOf('Lamp')}
    Text: just words
    Nothing: null
    Lost: { type: object, properties: { a: { $ref: '#/components/schemas/Lamb' } }, x-flow-type: { name: Lost } }
    Loop: { $ref: '#/components/schemas/Loop' }
    Numbered: { type: object, properties: { a: { type: string } }, x-flow-type: { name: 7 } }
    NoPath: { type: object, properties: { id: { type: string } }, x-flow-type: { name: NoPath }, x-flow-query: { path: /thing } }
    Outside: { type: object, properties: { a: { $ref: 'ftp://example.com/a.yaml#/a' } }, x-flow-type: { name: Outside } }
    Mapped: { type: object, properties: { id: { type: string } }, x-flow-query: { path: /things } }
    Misspelt: { type: object, properties: { id: { type: string } }, x-flow-typ: { name: Misspelt } }
    Lamp2: { type: object, properties: { other: { type: string } }, x-flow-type: { name: lamp } }
`
  )
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const { types, diagnostics } = await connector.preview()
  assert.ok(types.some(({ developerName }) => developerName === 'Lamp'))
  assert.ok(diagnostics.every(({ line, column }) => (line ?? 0) > 0 && (column ?? 0) > 0))
  assert.ok(diagnostics.every(({ file }) => file === api.documentUrl))
  const told = diagnostics.map(({ code, pointer }) => `${code} ${pointer}`)
  for (const expected of [
    'REF_UNRESOLVED /components/schemas/Lost/properties/a',
    'REF_NOT_ALLOWED /components/schemas/Outside/properties/a',
    'EXTENSION_MALFORMED /components/schemas/Numbered/x-flow-type/name',
    'MAPPING_PATH_UNKNOWN /components/schemas/NoPath/x-flow-query/path',
    'MAPPING_WITHOUT_TYPE /components/schemas/Mapped/x-flow-query',
    'EXTENSION_UNKNOWN /components/schemas/Misspelt/x-flow-typ',
    'TYPE_NAME_CLAIMED /components/schemas/Lamp2/x-flow-type/name'
  ]) {
    assert.ok(told.includes(expected), `${expected} in\n${told.join('\n')}`)
  }
  api.answer({ json: [{ id: '1' }] }, { json: [{ id: '2' }] })
  assert.equal(found(await connector.load('Lamp')).length, 1)
  assert.equal(found(await connector.load('NoPath')).length, 1)
  assert.deepEqual(api.takeCalls(), ['GET /things', 'GET /thing'])
})

test('B8 in YAML the same names are names, also by merge keys and aliases', async t => {
  const files = await startFiles(t, {
    '/openapi.yaml': `
openapi: 3.0.3
info: { title: T, version: '1' }
paths: {}
x-base: &base { __proto__: &poison { polluted: { type: string } }, constructor: { type: string } }
components:
  schemas:
    T:
      type: object
      x-flow-type: { name: T }
      properties:
        <<: *base
        toString: *poison
`
  })
  const connector = await startConnector(t, { 'Schema URL': `${files.url}/openapi.yaml` })
  const { types } = await connector.preview()
  const names = types
    .find(({ developerName }) => developerName === 'T')
    ?.properties.map(({ developerName }) => developerName)
  assert.deepEqual(names?.toSorted(), ['__proto__', 'constructor', 'toString'])
})
