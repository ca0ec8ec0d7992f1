import assert from 'node:assert/strict'
import { test } from 'node:test'

import { COMMON_OWNER } from '../../service/base/owner.ts'
import { ConnectorError } from '../../service/errors.ts'
import type { Answers, CallInput } from '../../service/exchange/answers.ts'
import { answersOf } from '../../service/exchange/answers.ts'
import type { Answer } from '../../service/exchange/types.ts'
import { NO_PAGING } from '../../service/model/endpoint-record.ts'
import type { EndpointUse } from '../../service/model/mapping-record.ts'
import { openModel } from '../support/open-model.ts'
import type { RequestPlan } from '../../service/plan/types.ts'
import { access, problem } from '../plan/plan-records.ts'
import { compile } from '../support/compile.ts'

const MODEL = compile(`
openapi: 3.0.3
info: { title: Test, version: '1' }
servers: [{ url: 'https://api.example.com' }]
paths:
  /things:
    x-flow-retry: { ignore: [404, 409] }
    get:
      parameters:
        - { name: limit, in: query, schema: { type: integer, maximum: 10 } }
        - { name: offset, in: query, schema: { type: integer } }
        - { name: owner, in: query, required: true, schema: { type: string } }
      responses:
        '200': { description: ok, content: { application/json: { example: [{ id: '1' }] } } }
        '404': { description: none, content: { application/json: { example: { message: none } } } }
        '503': { description: closed, content: { application/json: { example: { message: closed } } } }
    post: { responses: { '201': { description: ok } } }
    delete: { responses: { '204': { description: ok } } }
components:
  schemas:
    Thing:
      type: object
      x-flow-type: { name: Thing }
      x-flow-query: { path: /things, parameters: { owner: $User.UserID } }
      x-flow-load: { path: /things, example: true }
      x-flow-save: { path: /things }
      x-flow-delete: { path: /things }
      properties: { id: { type: string } }
`)

const NOTHING: CallInput = {
  id: null,
  object: null,
  body: null,
  filter: null,
  page: null,
  ifMatch: null
}

/** Who answers a mapping, or another use of its endpoint, where the API answers as given. */
function answering(
  key: string,
  callApi: (plan: RequestPlan) => Promise<Answer>,
  use: Partial<EndpointUse> = {}
): Answers {
  const mapping = MODEL.mappings[key]
  const endpoint = MODEL.endpoints[mapping?.endpoint ?? '']
  assert.ok(mapping && endpoint)
  return answersOf(
    {
      owner: COMMON_OWNER,
      model: openModel(MODEL),
      access: access(),
      user: { UserID: 'ana' },
      signal: new AbortController().signal,
      callApi: (_scope, _endpoint, plan) => callApi(plan),
      makeExample: async () => ({ fault: 'slow' })
    },
    endpoint,
    { ...mapping, ...use }
  )
}

const noCall = async (): Promise<never> => assert.fail('the API is not called')

const refusedWith = (status: number) => async (): Promise<never> => {
  throw new ConnectorError('API_ERROR', { message: 'refused', credential: '' }, { status })
}

test('the API answers a use without an example: it has an address, parameters and pages', async () => {
  const given = { status: 200, headers: {}, body: [] }
  const called: string[] = []
  const answers = answering('query:Thing', async ({ url }) => {
    called.push(url)
    return given
  })
  assert.equal(answers.takesParameters, true)
  assert.deepEqual([answers.paging.type, answers.paging.pageSize], ['offset', 10])
  const call = answers.plan(NOTHING)
  assert.equal(call.url, 'https://api.example.com/things?owner=ana')
  assert.deepEqual(called, [])
  assert.equal(await call.send(), given)
  assert.deepEqual(called, [call.url])
})

test('G01 the document answers a use with an example: no address, no parameter, one page', async () => {
  const answers = answering('load:Thing', noCall)
  assert.equal(answers.takesParameters, false)
  assert.equal(answers.paging, NO_PAGING)
  const call = answers.plan(NOTHING)
  assert.equal(call.url, '')
  assert.deepEqual((await call.send()).body, [{ id: '1' }])
})

test('G04 a declared refusal is one of the API, whose address is the path', async () => {
  const use = { example: { response: '503', name: null } }
  const error = await answering('load:Thing', noCall, use)
    .plan(NOTHING)
    .send()
    .catch((failure: unknown) => failure)
  assert.ok(error instanceof ConnectorError)
  assert.deepEqual([error.code, error.status, error.upstream?.url], ['API_ERROR', 503, '/things'])
})

test('H13 `ignore` makes refusals empty answers, of the API and of examples, but not for a save', async () => {
  const ignored = { status: 204, headers: {}, body: undefined }
  const use = { example: { response: '404', name: null } }
  for (const answers of [
    answering('query:Thing', refusedWith(404)),
    answering('delete:Thing', refusedWith(409)),
    answering('load:Thing', noCall, use)
  ]) {
    assert.deepEqual(await answers.plan(NOTHING).send(), ignored)
  }
  for (const status of [404, 409]) {
    const refused = answering('save:Thing', refusedWith(status)).plan(NOTHING).send()
    await assert.rejects(refused, { code: 'API_ERROR', status })
  }
  const other = answering('query:Thing', refusedWith(500)).plan(NOTHING).send()
  await assert.rejects(other, { status: 500 })
})

test('an endpoint is called without a type, with what fills its parameters', async () => {
  const bare: EndpointUse = {
    key: null,
    verb: null,
    type: null,
    bindings: [],
    body: null,
    paging: null,
    example: null
  }
  const given = { status: 200, headers: {}, body: { any: 'thing' } }
  const ownerless = answering('query:Thing', async () => given, bare)
  const { remedy } = problem('PARAMETER_REQUIRED', () => ownerless.plan(NOTHING))
  assert.equal(remedy, 'Fill it.')
  const bindings: EndpointUse['bindings'] = [
    {
      in: 'query',
      name: 'owner',
      sources: [
        { from: 'property', path: ['id'] },
        { from: 'filter', column: 'id', criterion: 'EQUAL', any: false },
        { from: 'user', field: 'UserID' }
      ],
      encodeTwice: false,
      fromHeaders: false
    }
  ]
  const call = answering('query:Thing', async () => given, { ...bare, bindings }).plan(NOTHING)
  assert.equal(call.url, 'https://api.example.com/things?owner=ana')
  assert.equal(await call.send(), given)
  const example = { response: null, name: null }
  const shown = answering('query:Thing', noCall, { ...bare, example })
  assert.deepEqual((await shown.plan(NOTHING).send()).body, [{ id: '1' }])
})
