import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { TextsAnswer, TypeAnswer } from '../../service/protocol/type-schemas.ts'
import { fitsSchema } from '../support/fits-schema.ts'
import { startConnector } from '../support/start-connector.ts'
import { startFiles } from '../support/start-files.ts'
import { json } from '../support/start-app.ts'

type Ask = (route: string, schemaUrl: string, rest?: object) => Promise<Response>

async function start(t: TestContext): Promise<Ask> {
  const { url } = await startConnector(t, {})
  return (route, schemaUrl, rest = {}) => {
    const configurationValues = [{ developerName: 'Schema URL', contentValue: schemaUrl }]
    return fetch(`${url}/${route}`, json('POST', { configurationValues, ...rest }))
  }
}

test('POST /texts answers the texts of a document and its parts, with the lines of types and mappings', async t => {
  const ask = await start(t)
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
  const ask = await start(t)
  const files = await startFiles(t, { '/page.yaml': 'title: planted', '/text.yaml': 'planted: [' })
  for (const path of ['/page.yaml', '/text.yaml', '/absent.yaml']) {
    const answer = await ask('texts', files.url + path)
    assert.ok([422, 502].includes(answer.status), path)
    assert.doesNotMatch(await answer.text(), /planted/)
  }
})

test('POST /preview/type answers what fills the parameters of a mapping, and where the id is', async t => {
  const ask = await start(t)
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
