import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { TextsAnswer, TypeAnswer } from '../../service/protocol/type-schemas.ts'
import { fitsSchema } from '../support/fits-schema.ts'
import { startConnector } from '../support/start-connector.ts'
import { startFiles } from '../support/start-files.ts'
import { json } from '../support/start-app.ts'

type Ask = (route: string, schemaUrl: string, rest?: object) => Promise<Response>

async function start(t: TestContext): Promise<{ readonly url: string; readonly ask: Ask }> {
  const { url } = await startConnector(t, {})
  return {
    url,
    ask(route, schemaUrl, rest = {}) {
      const configurationValues = [{ developerName: 'Schema URL', contentValue: schemaUrl }]
      return fetch(`${url}/${route}`, json('POST', { configurationValues, ...rest }))
    }
  }
}

test('POST /texts answers the texts of a document and its parts, with the lines of types and mappings', async t => {
  const { ask } = await start(t)
  const answer = await (await ask('texts', 'sample:references')).json()
  assert.ok(fitsSchema(TextsAnswer, answer))
  const { texts, types, mappings } = answer
  assert.equal(texts.length, 2)
  for (const { file, line, name } of types) {
    const text: string = texts.find(each => each.file === file)?.text ?? ''
    assert.ok(line !== null && line >= 1 && line <= text.split('\n').length, name)
  }
  assert.ok(mappings.length > 0)
})

test('POST /texts answers no text that is not a document', async t => {
  const { ask } = await start(t)
  const files = await startFiles(t, { '/page.yaml': 'title: planted', '/text.yaml': 'planted: [' })
  for (const path of ['/page.yaml', '/text.yaml', '/absent.yaml']) {
    const answer = await ask('texts', files.url + path)
    assert.ok([422, 502].includes(answer.status), path)
    assert.doesNotMatch(await answer.text(), /planted/)
  }
})

test('POST /texts answers a kept text that cannot be used, with its problem, and no other one', async t => {
  const { url, ask } = await start(t)
  const keep = async (body: string) => (await fetch(`${url}/kept`, { method: 'POST', body })).text()
  for (const [text, code, line] of [
    ['openapi: 3.0.3\ninfo: [', 'DOCUMENT_NOT_PARSED', 2],
    ['{"openapi": "3.0.3",\n"info": ]', 'DOCUMENT_NOT_PARSED', 2],
    ['title: no document', 'DOCUMENT_NOT_OPENAPI', null]
  ] as const) {
    const answer = await (await ask('texts', await keep(text))).json()
    assert.ok(fitsSchema(TextsAnswer, answer), JSON.stringify(answer))
    assert.deepEqual([answer.problem?.code, answer.problem?.line], [code, line])
    assert.deepEqual(answer.texts, [{ file: answer.problem?.file, text }])
  }
  const gone = await ask('texts', 'kept:gone')
  assert.equal(gone.status, 400)
  const files = await startFiles(t, { '/o.yaml': 'planted: [' })
  const document = await keep("openapi: 3.0.3\ninfo: { title: T, version: '1' }\npaths: {}\n")
  const values = [
    { developerName: 'Schema URL', contentValue: document },
    { developerName: 'Overlay URL', contentValue: `${files.url}/o.yaml` }
  ]
  const refused = await fetch(`${url}/texts`, json('POST', { configurationValues: values }))
  assert.equal(refused.status, 422)
  assert.doesNotMatch(await refused.text(), /planted/)
})

test('POST /preview/type answers what fills the parameters of a mapping, and where the id is', async t => {
  const { ask } = await start(t)
  const type = await (await ask('preview/type', 'sample:petstore', { type: 'Pet' })).json()
  assert.ok(fitsSchema(TypeAnswer, type))
  assert.deepEqual(type.id, { all: false, paths: ['id'] })
  const load = type.mappings.find(({ key }) => key === 'load:Pet')
  assert.deepEqual(load?.parameters, [
    { in: 'path', name: 'petId', required: true, sources: ['the external id'] }
  ])
  const unknown = await ask('preview/type', 'sample:petstore', { type: 'Pat' })
  assert.equal(unknown.status, 404)
  assert.match(await unknown.text(), /did you mean .*Pet.*TYPE_UNKNOWN/)
})
