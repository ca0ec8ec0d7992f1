import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'

import type { JsonValue } from '../../service/base/json.ts'
import { isJsonArray, isJsonObject } from '../../service/base/json.ts'
import { isGeneratedId } from '../../service/objects/external-id.ts'
import { parsePart } from '../../service/parse/parse-document.ts'
import { startApi } from '../support/start-api.ts'
import type { Found, StartedConnector } from '../support/start-connector.ts'
import { flowObject, found, startConnector } from '../support/start-connector.ts'

const FOLDER = 'openapi-samples'
const SAMPLES = ['', 'apis']
  .flatMap(folder => readdirSync(join(FOLDER, folder)).map(name => join(folder, name)))
  .filter(name => name.endsWith('.yaml'))

const MAPPING = /^x-flow-(load|query|save|update|delete)$/

/** A document in which every mapping is answered by an example. */
function allExamples(value: JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map(allExamples)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) => [
      key,
      MAPPING.test(key) ? answered(held) : allExamples(held)
    ])
  )
}

function answered(mapping: JsonValue): JsonValue {
  if (isJsonArray(mapping)) return mapping.map(answered)
  return isJsonObject(mapping) ? { ...mapping, example: true } : mapping
}

/** A property that takes any text, and is not part of the id. */
function textProperty(row: Found, contents: ReadonlyMap<string, string>): string | undefined {
  const keys = Object.keys(row).filter(key => key !== 'externalId')
  return keys.find(key => {
    const value = row[key]
    return (
      contents.get(key) === 'ContentString' && value !== row.externalId && !/^[[{]/.test(`${value}`)
    )
  })
}

/** The values that a query shows, and a load shows as well: its example may have more, in the object and its lists. */
function shown(row: Found): Found {
  return Object.fromEntries(
    Object.entries(row).filter(([, value]) => value !== null && !Array.isArray(value))
  )
}

async function checkWrites(
  connector: StartedConnector,
  type: string,
  verbs: ReadonlySet<string>,
  row: Found,
  property: string
): Promise<void> {
  const typed = { [property]: 'Typed' }
  const ids = [String(row.externalId)]
  if (verbs.has('save')) {
    const objects = ['One', 'Two'].map(text => flowObject(null, { [property]: text }))
    const created = found(await connector.save(type, ...objects))
    assert.deepEqual(
      created.map(object => object[property]),
      ['One', 'Two'],
      type
    )
    const newIds = created.map(({ externalId }) => String(externalId))
    assert.equal(new Set(newIds).size, 2, `${type}: ${newIds}`)
    assert.ok(!newIds.some(isGeneratedId), `${type}: ${newIds}`)
    ids.push(...newIds)
  }
  for (const id of ids) {
    if (verbs.has('update')) {
      const [updated] = found(await connector.save(type, flowObject(id, typed)))
      assert.deepEqual([updated?.externalId, updated?.[property]], [id, 'Typed'], type)
    }
    if (verbs.has('delete'))
      assert.deepEqual(found(await connector.remove(type, flowObject(id))), [])
  }
}

/** The verbs of the mappings of each type. */
function verbsByType(value: JsonValue, found = new Map<string, Set<string>>()) {
  if (isJsonArray(value)) for (const item of value) verbsByType(item, found)
  if (!isJsonObject(value)) return found
  const { name } = isJsonObject(value['x-flow-type']) ? value['x-flow-type'] : {}
  if (typeof name === 'string') {
    const verbs = Object.keys(value).flatMap(key => MAPPING.exec(key)?.[1] ?? [])
    found.set(name, new Set([...(found.get(name) ?? []), ...verbs]))
  }
  for (const held of Object.values(value)) verbsByType(held, found)
  return found
}

function readSample(name: string): JsonValue {
  return allExamples(parsePart(readFileSync(join(FOLDER, name), 'utf8'), '', name))
}

for (const sample of SAMPLES) {
  test(`E3 E4 E5 E9 the flow of ${sample} runs as a whole from examples`, async t => {
    const read = new Map<string, JsonValue>()
    const api = await startApi(t, (request, response) => {
      const path = (request.url ?? '').replace(/^\//, '').replace(/\?.*$/, '')
      const document = readSample(path)
      read.set(path, document)
      response.end(JSON.stringify(document))
    })
    const connector = await startConnector(t, { 'Schema URL': `${api.url}/${sample}` })
    const { typeElements } = await connector.install()
    const elements = new Map(typeElements.map(each => [each.developerName, each.properties]))
    for (const [name, verbs] of [...read.values()].flatMap(each => [...verbsByType(each)])) {
      const properties = elements.get(name)
      if (properties === undefined) continue
      const contents = new Map(properties.map(each => [each.developerName, each.contentType]))
      const rows = verbs.has('query') ? found(await connector.load(name)) : []
      const ids = rows.map(({ externalId }) => externalId)
      assert.equal(new Set(ids).size, ids.length, `${name}: ${ids}`)
      if (verbs.has('query')) assert.ok(rows.length > 0, name)
      for (const row of verbs.has('load') ? rows : []) {
        const loaded = found(await connector.load(name, { id: row.externalId }))
        assert.equal(loaded.length, 1, name)
        assert.deepEqual({ ...loaded[0], ...shown(row) }, loaded[0], name)
      }
      const [first = { externalId: '1' }] =
        rows.length > 0 || !verbs.has('load')
          ? rows
          : found(await connector.load(name, { id: '1' }))
      const property = textProperty(first, contents)
      if (property !== undefined) await checkWrites(connector, name, verbs, first, property)
    }
    assert.deepEqual(api.calls, [])
  })
}
