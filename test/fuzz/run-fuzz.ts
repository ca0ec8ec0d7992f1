import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseArgs } from 'node:util'

import { type FuzzBounds, fuzzRoutes } from './fuzz-routes.ts'
import { startFuzzTarget } from './fuzz-target.ts'
import { fuzzDocuments } from './fuzz-documents.ts'
import { fuzzWire } from './fuzz-wire.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    runs: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '30' }
  }
})
const bounds: FuzzBounds = {
  seed: wholeNumber('seed'),
  runs: wholeNumber('runs'),
  milliseconds: wholeNumber('seconds') * 1000
}
process.stdout.write(
  `up to ${bounds.runs} requests of each route, and documents, within ${values.seconds} s each, again with: npm run fuzz -- --seed ${bounds.seed}\n`
)

test('every route', async t => {
  const target = await startFuzzTarget(t)
  for (const [route, outcomes] of await fuzzRoutes(target, bounds)) {
    process.stdout.write(`${route}\n  ${JSON.stringify(outcomes)}\n`)
  }
})

test('the wire', async t => {
  const outcomes = await fuzzWire(await startFuzzTarget(t), bounds)
  process.stdout.write(`${JSON.stringify(outcomes)}\n`)
})

test('documents of any form', async t => {
  process.stdout.write(`${JSON.stringify(await fuzzDocuments(t, bounds))}\n`)
})

function wholeNumber(name: 'seed' | 'runs' | 'seconds'): number {
  assert.match(values[name], /^\d{1,10}$/, `--${name} is a whole number`)
  return Number(values[name])
}
