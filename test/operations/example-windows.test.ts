import assert from 'node:assert/strict'
import { test } from 'node:test'

import { exampleWindow } from '../../service/operations/example-windows.ts'
import type { LoadResult } from '../../service/operations/types.ts'
import { compile, operationOf } from '../support/compile.ts'

const operation = () =>
  operationOf(
    compile(`
openapi: 3.0.3
info: { title: Test, version: '1' }
paths:
  /things: { get: { responses: { '200': { description: ok, content: { application/json: { example: [{ id: '1' }] } } } } } }
components:
  schemas:
    Thing:
      type: object
      x-flow-type: { name: Thing }
      x-flow-query: { path: /things, example: true }
      properties: { id: { type: string } }
`),
    'query:Thing'
  )

function resultOf(count: number): LoadResult {
  const object = { internalId: null, developerName: 'Thing', properties: [] }
  const objects = Array.from({ length: count }, (_, order) => ({
    ...object,
    externalId: String(order),
    order
  }))
  return { objects, hasMoreResults: false }
}

test('a window of what a document answers is read once for its operation, and another one for itself', async () => {
  const [query, other] = [operation(), operation()]
  let reads = 0
  const read = async (): Promise<LoadResult> => {
    reads++
    return resultOf(reads)
  }
  const first = await exampleWindow(query, { limit: 20, offset: 0 }, read)
  assert.equal(await exampleWindow(query, { limit: 20, offset: 0 }, read), first)
  assert.ok(Object.isFrozen(first))
  assert.equal(reads, 1)
  await exampleWindow(query, { limit: 20, offset: 20 }, read)
  await exampleWindow(query, { limit: 10, offset: 0 }, read)
  await exampleWindow(other, { limit: 20, offset: 0 }, read)
  assert.equal(reads, 4)
  for (let offset = 0; offset < 8; offset++) {
    await exampleWindow(query, { limit: 1, offset }, read)
  }
  assert.notEqual(await exampleWindow(query, { limit: 20, offset: 0 }, read), first)
})

test('a large window is not kept, and neither is a failure', async () => {
  const query = operation()
  let reads = 0
  const large = async (): Promise<LoadResult> => {
    reads++
    return resultOf(101)
  }
  for (let i = 0; i < 2; i++) await exampleWindow(query, { limit: 0, offset: 0 }, large)
  assert.equal(reads, 2)
  const fail = async (): Promise<never> => {
    throw new Error('busy')
  }
  await assert.rejects(exampleWindow(query, { limit: 5, offset: 0 }, fail), /busy/)
  const good = await exampleWindow(query, { limit: 5, offset: 0 }, async () => resultOf(5))
  assert.equal(good.objects.length, 5)
})
