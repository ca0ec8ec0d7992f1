import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Label, LabelledResource } from './label.ts'
import { readLabels } from './label.ts'
import type { ProposedResource } from './proposal.ts'
import { addScores, scoreProposal } from './score.ts'

const ORDER: LabelledResource = {
  type: 'Order',
  roles: {
    query: ['GET /orders', 'GET /customers/{id}/orders'],
    load: ['GET /orders/{orderId}'],
    save: ['POST /orders'],
    update: [],
    delete: ['DELETE /orders/{orderId}']
  },
  id: ['id'],
  records: ['data'],
  idParam: ['orderId'],
  record: [''],
  paging: { type: ['cursor'], limit: 'limit', position: 'after', next: '@odata.nextLink' }
}
const LABEL: Label = {
  document: 'example.com',
  isPart: false,
  resources: [ORDER],
  never: new Set(['POST /orders/search']),
  open: new Set(['PUT /orders/{orderId}/state'])
}
const RIGHT: ProposedResource = {
  type: 'Order',
  id: 'id',
  query: { method: 'get', path: '/orders', records: 'data' },
  load: { method: 'GET', path: '/orders/{orderId}', idParam: 'orderId', record: '' },
  save: { method: 'POST', path: '/orders' },
  update: null,
  delete: { method: 'DELETE', path: '/orders/{orderId}' },
  pagination: {
    type: 'cursor',
    limitParam: 'limit',
    positionParam: 'after',
    nextField: '@odata\\.nextLink'
  }
}

test('a proposal that says what the label says is right in everything', () => {
  const { precision, recall, facts, wrongWrites, findings } = scoreProposal(LABEL, {
    resources: [RIGHT]
  })
  assert.deepEqual([findings, wrongWrites], [[], []])
  assert.deepEqual(precision.query, { right: 1, of: 1 })
  assert.deepEqual(recall.delete, { right: 1, of: 1 })
  assert.deepEqual(recall.update, { right: 0, of: 0 })
  for (const fact of Object.values(facts)) assert.deepEqual(fact, { right: 1, of: 1 })
})

test('an alternative operation is as right as the first, but each counts once', () => {
  const nested = { ...RIGHT.query, method: 'GET', path: '/customers/{id}/orders', records: 'data' }
  const other = { ...RIGHT, query: nested, load: null, save: null, delete: null }
  const { precision, recall } = scoreProposal(LABEL, { resources: [other, other] })
  assert.deepEqual(precision.query, { right: 1, of: 2 })
  assert.deepEqual(recall.query, { right: 1, of: 1 })
  assert.deepEqual(recall.load, { right: 0, of: 1 })
})

test('a write that is none is wrong; one on which readers differ is not judged', () => {
  const search = { ...RIGHT, save: { method: 'POST', path: '/orders/search' } }
  const wrong = scoreProposal(LABEL, { resources: [search] })
  assert.deepEqual(wrong.wrongWrites, ['save: POST /orders/search'])
  assert.deepEqual(wrong.precision.save, { right: 0, of: 1 })
  assert.deepEqual(wrong.recall.save, { right: 0, of: 1 })
  const state = { ...RIGHT, update: { method: 'PUT', path: '/orders/{orderId}/state' } }
  assert.deepEqual(scoreProposal(LABEL, { resources: [state] }).precision.update, {
    right: 0,
    of: 0
  })
})

test('of a part of a document only the paths that the label names are judged', () => {
  const label = { ...LABEL, isPart: true }
  const elsewhere = { ...RIGHT, query: { method: 'GET', path: '/carts', records: '' } }
  assert.deepEqual(scoreProposal(label, { resources: [elsewhere] }).precision.query, {
    right: 0,
    of: 0
  })
  const search = { ...RIGHT, save: { method: 'POST', path: '/orders/search' } }
  assert.equal(scoreProposal(label, { resources: [search] }).wrongWrites.length, 1)
})

test('facts are judged one by one, and operations of a resource in two entries are apart', () => {
  const reads = { ...RIGHT, id: 'name', save: null, delete: null, pagination: null }
  const writes = { ...RIGHT, query: null, load: null }
  const { facts, findings, recall } = scoreProposal(LABEL, { resources: [reads, writes] })
  assert.deepEqual(recall.save, { right: 1, of: 1 })
  assert.deepEqual(facts.id, { right: 0, of: 1 })
  assert.deepEqual(facts.records, { right: 1, of: 1 })
  assert.deepEqual(facts.paging, { right: 0, of: 1 })
  assert.deepEqual(facts.names, { right: 0, of: 0 })
  assert.deepEqual(facts.together, { right: 0, of: 1 })
  assert.deepEqual(
    findings.map(({ kind }) => kind),
    ['id', 'paging', 'together']
  )
})

test('the scores of several documents add up', () => {
  const score = scoreProposal(LABEL, { resources: [RIGHT] })
  const none = scoreProposal(LABEL, { resources: [] })
  const sum = addScores([score, none])
  assert.deepEqual(sum.recall.query, { right: 1, of: 2 })
  assert.deepEqual(sum.precision.query, { right: 1, of: 1 })
})

test('labels are well-formed, and no document has two', () => {
  const labels = readLabels()
  const names = labels.map(({ document }) => document)
  assert.deepEqual([...new Set(names)], names)
})
