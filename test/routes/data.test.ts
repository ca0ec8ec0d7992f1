import assert from 'node:assert/strict'
import test from 'node:test'

import { Value } from 'typebox/value'

import type { FlowObject } from '../../service/objects/types.ts'
import type { Caller, LoadRequest, WriteRequest } from '../../service/operations/types.ts'
import { ObjectDataResponse } from '../../service/protocol/schemas.ts'
import { assertFitsPlatform } from '../support/fits-platform-schema.ts'
import { json, startApp } from '../support/start-app.ts'

const asset = (externalId: string, order = 0): FlowObject => ({
  externalId,
  internalId: null,
  developerName: 'Asset',
  order,
  properties: [
    {
      developerName: 'ID',
      contentType: 'ContentString',
      contentValue: externalId,
      objectData: null
    },
    {
      developerName: 'Keeper',
      contentType: 'ContentObject',
      contentValue: null,
      objectData: [
        { externalId: 'P-3', internalId: null, developerName: 'Person', order: 0, properties: [] }
      ]
    }
  ]
})

const objectDataType = { developerName: 'Asset', properties: [{ developerName: 'ID', list: null }] }

async function answerOf(response: Response): Promise<ObjectDataResponse> {
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8')
  const answer: unknown = await response.json()
  assert.ok(Value.Check(ObjectDataResponse, answer), JSON.stringify(answer))
  assertFitsPlatform('ObjectDataResponseAPI', answer)
  return answer
}

test('a load passes type and filter on, and answers the objects with hasMoreResults', async t => {
  const seen: LoadRequest[] = []
  const { url } = await startApp(t, {
    operations: {
      load: async (_, request) => {
        seen.push(request)
        return { objects: [asset('A-7'), asset('A-9', 1)], hasMoreResults: true }
      }
    }
  })
  const listFilter = {
    where: [{ columnName: 'Label', criteriaType: 'EQUAL', contentValue: 'new', value: 'stale' }],
    limit: 2
  }
  const body = { objectDataType, listFilter, objectData: [{}], unknown: true }
  const answer = await answerOf(await fetch(`${url}/data`, json('POST', body)))
  assert.equal(answer.hasMoreResults, true)
  assert.deepEqual(
    answer.objectData.map(({ externalId, order }) => [externalId, order]),
    [
      ['A-7', 0],
      ['A-9', 1]
    ]
  )
  assert.equal(answer.objectData[0]?.properties[1]?.objectData?.[0]?.externalId, 'P-3')
  assert.equal(seen[0]?.type, 'Asset')
  assert.equal(seen[0]?.filter.limit, 2)
  assert.deepEqual(seen[0]?.filter.where.conditions, [
    { column: 'Label', criterion: 'EQUAL', value: 'new' }
  ])
})

test('vector 8: a save answers in order, with the internal ids that were sent', async t => {
  const seen: WriteRequest[] = []
  const { url } = await startApp(t, {
    operations: {
      save: async (_, request) => {
        seen.push(request)
        return request.objects.map((object, index) => ({
          ...asset(object.externalId ?? `new-${index}`, object.order),
          internalId: object.internalId
        }))
      }
    }
  })
  const objectData = [
    { internalId: 'i-1', externalId: null, developerName: 'Asset', properties: [] },
    {
      internalId: 'i-2',
      externalId: 'A-7',
      properties: [{ developerName: 'Label', contentValue: '' }]
    },
    { internalId: 'i-3', externalId: '  ', properties: null }
  ]
  const body = { objectDataType, objectData, listFilter: { where: [{ criteriaType: 'NONE' }] } }
  const answer = await answerOf(await fetch(`${url}/data`, json('PUT', body)))
  assert.deepEqual(
    answer.objectData.map(({ internalId, externalId, order }) => [internalId, externalId, order]),
    [
      ['i-1', 'new-0', 0],
      ['i-2', 'A-7', 1],
      ['i-3', 'new-2', 2]
    ]
  )
  assert.equal(answer.hasMoreResults, false)
  assert.equal(seen[0]?.objects[1]?.properties[0]?.contentValue, '')
})

test('vector 8: nothing to save is an empty answer, and nothing to delete too', async t => {
  const { url } = await startApp(t)
  for (const objectData of [null, []]) {
    const body = { objectDataType, objectData }
    const saved = await answerOf(await fetch(`${url}/data`, json('PUT', body)))
    const deleted = await answerOf(await fetch(`${url}/data/delete`, json('POST', body)))
    assert.deepEqual([saved.objectData, deleted.objectData], [[], []])
  }
})

test('vector 9: a delete passes the ids on and answers an empty list', async t => {
  const ids: (string | null)[] = []
  const { url } = await startApp(t, {
    operations: {
      remove: async (_, { objects }) => {
        ids.push(...objects.map(({ externalId }) => externalId))
      }
    }
  })
  const body = { objectDataType, objectData: [{ externalId: 'A-7' }, { externalId: '' }] }
  const answer = await answerOf(await fetch(`${url}/data/delete`, json('POST', body)))
  assert.deepEqual(ids, ['A-7', null])
  assert.deepEqual(answer, { culture: null, hasMoreResults: false, objectData: [] })
})

const user = encodeURIComponent('ManyWhoTenantId=T-User&UserId=u-1&Email=ana@acme.example')

const tenants = [
  {
    name: 'the header',
    headers: { manywhotenant: 'T-Header', authorization: user },
    tenant: 't-header'
  },
  { name: 'the user header', headers: { authorization: user }, tenant: 't-user' },
  { name: 'the body', headers: { manywhotenant: ' ' }, tenant: 't-body' },
  { name: 'nowhere', headers: {}, tenantId: null, tenant: '-' }
]
for (const { name, headers, tenant, tenantId } of tenants) {
  test(`K02 the tenant is taken from ${name}`, async t => {
    const callers: Caller[] = []
    const { url } = await startApp(t, {
      operations: {
        load: async caller => {
          callers.push(caller)
          return { objects: [], hasMoreResults: false }
        }
      }
    })
    const body = { objectDataType, tenantId: tenantId === null ? null : 'T-Body' }
    await answerOf(await fetch(`${url}/data`, json('POST', body, headers)))
    assert.equal(callers[0]?.owner.tenant, tenant)
  })
}

test('K02 calls of two tenants at once keep their configuration and their user apart', async t => {
  const { url } = await startApp(t, {
    operations: {
      load: async ({ configuration, user }) => ({
        objects: [asset(`${configuration['api key']} ${user.UserID}`)],
        hasMoreResults: false
      })
    }
  })
  const ids = await Promise.all(
    [...Array(20).keys()].map(async index => {
      const configurationValues = [{ developerName: 'API Key', contentValue: `k-${index}` }]
      const headers = { authorization: encodeURIComponent(`UserId=u-${index}`) }
      const body = { objectDataType, configurationValues }
      const answer = await answerOf(await fetch(`${url}/data`, json('POST', body, headers)))
      return answer.objectData[0]?.externalId
    })
  )
  assert.deepEqual(
    ids,
    ids.map((_, index) => `k-${index} u-${index}`)
  )
})

test('the work of a request ends when its caller hangs up, not before', async t => {
  const started = Promise.withResolvers<AbortSignal>()
  const ended = Promise.withResolvers<void>()
  const { url } = await startApp(t, {
    operations: {
      load: async ({ deadline: { signal } }) => {
        started.resolve(signal)
        await new Promise(resolve => signal.addEventListener('abort', resolve))
        ended.resolve()
        return { objects: [], hasMoreResults: false }
      }
    }
  })
  const caller = new AbortController()
  const call = fetch(`${url}/data`, {
    ...json('POST', { objectDataType }),
    signal: caller.signal
  })
  assert.equal((await started.promise).aborted, false)
  caller.abort()
  await assert.rejects(call)
  await ended.promise
})
