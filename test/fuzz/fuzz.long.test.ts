import assert from 'node:assert/strict'
import { test } from 'node:test'

import { fuzzRoutes } from './fuzz-routes.ts'
import { startFuzzTarget } from './fuzz-target.ts'
import { fuzzDocuments } from './fuzz-documents.ts'
import { fuzzWire } from './fuzz-wire.ts'

// The long form is `npm run fuzz`.

test('C5 C8 whatever is sent to any route, the answer is one of its own or a problem', async t => {
  const target = await startFuzzTarget(t)
  const bounds = { seed: 26, runs: 100, milliseconds: 60_000 }
  const outcomes = await fuzzRoutes(target, bounds)
  const withBody = target.routes.filter(({ schema }) => schema?.body !== undefined)
  assert.ok(withBody.length >= 6)
  for (const { method, url } of withBody) {
    const { 200: answered, BODY_INVALID, BODY_NOT_JSON } = outcomes.get(`${method} ${url}`) ?? {}
    // What is sent is neither all wrong nor all right.
    assert.ok(answered && BODY_INVALID && BODY_NOT_JSON, `${method} ${url}`)
  }
})

test('C8 whatever comes over the wire, what is answered is an answer or a problem', async t => {
  const target = await startFuzzTarget(t)
  const outcomes = await fuzzWire(target, { seed: 26, runs: 300, milliseconds: 60_000 })
  assert.ok(outcomes[200] && outcomes.REQUEST_MALFORMED && outcomes.DOOR_CLOSED)
})

test('H18 documents, configurations, requests and answers of any form and size make nothing fail inside', async t => {
  const outcomes = await fuzzDocuments(t, { seed: 26, runs: 40, milliseconds: 60_000 })
  // What is grown is neither all wrong nor all right.
  assert.ok(outcomes[200] && outcomes.API_ERROR && outcomes.ANSWER_UNEXPECTED)
})
