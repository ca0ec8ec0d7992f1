import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'

import { Value } from 'typebox/value'

import type { LoadRequest, WriteRequest } from '../../service/operations/types.ts'
import { Problem } from '../../service/protocol/schemas.ts'
import { json, startApp } from '../support/start-app.ts'

const load = { objectDataType: { developerName: 'Asset' } }

/** The service with the requests that reached its use cases. */
async function startHost(t: TestContext, environment: { readonly [name: string]: string } = {}) {
  const loads: LoadRequest[] = []
  const saves: WriteRequest[] = []
  const started = await startApp(t, {
    environment,
    operations: {
      load: async (_, request) => {
        loads.push(request)
        return { objects: [], hasMoreResults: false }
      },
      save: async (_, request) => {
        saves.push(request)
        return []
      }
    }
  })
  return { ...started, loads, saves }
}

test('C5 of members with one name the last counts, and members of prototypes are only names', async t => {
  const { url, loads, saves } = await startHost(t)
  const type = '"objectDataType": {"developerName": "Asset"}'
  const bodies = [
    `{"objectDataType": {"developerName": "First"}, ${type}}`,
    `{${type}, "__proto__": {"listFilter": {"id": "7"}}, "constructor": {"prototype": {"a": 1}}}`,
    `{${type}, "listFilter": {"__proto__": {"id": "7"}, "toString": 1}}`,
    `{${type}, "configurationValues": [{"developerName": "__proto__", "contentValue": "x"}]}`
  ]
  for (const body of bodies) {
    const response = await fetch(`${url}/data`, { method: 'POST', body: Buffer.from(body) })
    assert.equal(response.status, 200, body)
  }
  assert.deepEqual(
    loads.map(({ type: name, filter }) => [name, filter.id]),
    bodies.map(() => ['Asset', null])
  )
  const object = '{"externalId": "1", "properties": [{"developerName": "__proto__"}]}'
  const body = Buffer.from(`{${type}, "objectData": [${object}]}`)
  assert.equal((await fetch(`${url}/data`, { method: 'PUT', body })).status, 200)
  assert.equal(saves[0]?.objects[0]?.properties[0]?.developerName, '__proto__')
  assert.deepEqual(Object.keys(Object.prototype), [])
})

/**
 * Values that would fit if they were changed a little, by the pointer at which they stand. They have more
 * digits than a time, a process id or a group of a request id, which are in every line of a log.
 */
const nearly: { readonly at: string; readonly body: object; readonly expected: string }[] = [
  { at: '/tenantId', body: { tenantId: 12_345_678_901_234 }, expected: 'text or null' },
  { at: '/stateId', body: { stateId: ['12345678901234'] }, expected: 'text or null' },
  {
    at: '/configurationValues',
    body: { configurationValues: { developerName: '12345678901234' } },
    expected: 'a list or null'
  },
  {
    at: '/configurationValues/0',
    body: { configurationValues: ['12345678901234'] },
    expected: 'an object'
  },
  {
    at: '/configurationValues/1/contentValue',
    body: {
      configurationValues: [
        {},
        { developerName: 'API Key', contentValue: { a: 12_345_678_901_234 } }
      ]
    },
    expected: 'text or null'
  },
  {
    at: '/configurationValues/0/contentValue',
    body: { configurationValues: [{ developerName: 'API Key', contentValue: 12_345_678_901_234 }] },
    expected: 'text or null'
  }
]
const nearlyData: typeof nearly = [
  {
    at: '/objectDataType',
    body: { objectDataType: '12345678901234' },
    expected: 'an object or null'
  },
  {
    at: '/listFilter/limit',
    body: { listFilter: { limit: '12345678901234' } },
    expected: 'a whole number'
  },
  { at: '/listFilter/limit', body: { listFilter: { limit: true } }, expected: 'a whole number' },
  {
    at: '/listFilter/offset',
    body: { listFilter: { offset: -12_345_678_901_234 } },
    expected: 'at least 0'
  },
  {
    at: '/listFilter/where',
    body: { listFilter: { where: '12345678901234' } },
    expected: 'a list or null'
  },
  {
    at: '/listFilter/listFilters/0/where/0/contentValue',
    body: { listFilter: { listFilters: [{ where: [{ contentValue: 12_345_678_901_234 }] }] } },
    expected: 'text or null'
  },
  {
    at: '/listFilter/filterByProvidedObjects',
    body: { listFilter: { filterByProvidedObjects: 'true' } },
    expected: 'true or false'
  },
  {
    at: '/objectData',
    body: { objectData: { externalId: '12345678901234' } },
    expected: 'a list or null'
  },
  {
    at: '/objectData/0/externalId',
    body: { objectData: [{ externalId: 12_345_678_901_234 }] },
    expected: 'text or null'
  },
  {
    at: '/objectData/0/properties/0/contentValue',
    body: { objectData: [{ properties: [{ contentValue: 12_345_678_901_234 }] }] },
    expected: 'text or null'
  }
]

/** What bodies of other routes cannot lack. */
const needed: { readonly [path: string]: object } = {
  '/try': { ...load, verb: 'load' },
  '/preview/type': { type: 'Thing' }
}

test('C5 nothing is coerced: what does not fit is 400 with its pointer and without its value, on every route', async t => {
  const { url, routes, loads, saves, log } = await startHost(t, { LOG_LEVEL: 'trace' })
  const withBody = routes.filter(({ schema }) => schema?.body !== undefined)
  assert.ok(withBody.length >= 6)
  for (const { method, url: path } of withBody) {
    const takesData = path.startsWith('/data')
    for (const { at, body, expected } of takesData ? [...nearly, ...nearlyData] : nearly) {
      const sent = { ...(takesData ? load : needed[path]), ...body }
      const response = await fetch(url + path, json(String(method), sent))
      const text = await response.text()
      const problem: unknown = JSON.parse(text)
      assert.ok(Value.Check(Problem, problem), text)
      assert.deepEqual([problem.code, response.status], ['BODY_INVALID', 400], `${path} ${at}`)
      assert.ok(problem.message.includes(` at ${at}: expected `), problem.message)
      assert.ok(problem.message.includes(expected), problem.message)
      assert.doesNotMatch(text, /12345678901234/)
    }
  }
  assert.deepEqual([loads, saves], [[], []])
  assert.doesNotMatch(log.join('\n'), /12345678901234/)
})
