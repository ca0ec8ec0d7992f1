import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { madeDocuments } from '../../bench/bench-documents.ts'
import type { BenchLine } from '../../bench/bench-line.ts'
import { BENCH_ROWS } from '../../bench/bench-rows.ts'
import { withProcesses } from '../../bench/processes.ts'
import { measureCatalog } from '../../bench/rows/catalog.ts'
import { measureCommandCpu } from '../../bench/rows/command-cpu.ts'
import { measureCompile } from '../../bench/rows/compile.ts'
import { measureDecode } from '../../bench/rows/decode.ts'
import { measureDescribe } from '../../bench/rows/describe.ts'
import { startExampleLoad } from '../../bench/rows/example-load.ts'
import { measureLiveLoad } from '../../bench/rows/live-load.ts'
import { measureLoadCpu } from '../../bench/rows/load-cpu.ts'
import { measureLoadWork } from '../../bench/rows/load-work.ts'
import { measureLoopBlock } from '../../bench/rows/loop-block.ts'
import { measureMemory } from '../../bench/rows/memory.ts'
import { measureReadRows } from '../../bench/rows/read-rows.ts'
import { measureRedisModel } from '../../bench/rows/redis-model.ts'
import { measureStore } from '../../bench/rows/store.ts'

// The rows check what both sides answer before they measure it. Those with Prism beside them need a
// package that is no dependency, so our side alone is run here.

const ONE_ROUND = { rounds: 1, seconds: 0.1 }
const SMALL_BYTES = 50_000

/**
 * One line of a row that is judged, with one figure for each side.
 *
 * @param least What every figure is above. Default 0; a difference may be 0 itself.
 */
function assertMeasured(lines: readonly BenchLine[], row: string, least = 0): void {
  assert.equal(lines.length, 1)
  const [line] = lines
  assert.equal(line?.row, row)
  assert.ok(BENCH_ROWS.has(row))
  assert.equal(typeof line.isMet, 'boolean')
  for (const side of [line.ours, line.reference]) {
    if (side === null) continue
    assert.equal(side.figures.length, 1)
    assert.ok(side.figures.every(figure => figure > least))
  }
  assert.equal(line.reference === null, line.ratio === null)
}

suite('rows', { concurrency: 3 }, () => {
  test('a live load is measured beside the bare handler, of the same list and of others', async () => {
    const lines = await measureLiveLoad(ONE_ROUND)
    assert.equal(new Set(lines.map(({ what }) => what)).size, 2)
    for (const line of lines) assertMeasured([line], 'live-load')
  })

  test('the CPU of a live load is measured beside that of the bare handler, of the same list and of others', async () => {
    const lines = await measureLoadCpu(ONE_ROUND)
    assert.equal(new Set(lines.map(({ what }) => what)).size, 2)
    for (const line of lines) assertMeasured([line], 'load-cpu')
  })

  test('a live load creates no more promises, timers, ticks and controllers than its targets, and leaves no more behind', async () => {
    const met = new Set<string>()
    const told: string[] = []
    // What a busy machine adds is not of the load, so the least of three counts is.
    for (let round = 0; round < 3 && met.size < 5; round++) {
      const lines = await measureLoadWork()
      assert.equal(lines.length, 5)
      for (const { row, what, ours, target, isMet } of lines) {
        assert.equal(row, 'load-work')
        if (isMet) met.add(what)
        else told.push(`${what}: ${ours.figures}, where the target is ${target}`)
      }
    }
    assert.equal(met.size, 5, told.join('\n'))
  })

  test('the CPU of commands is measured beyond that of an idle Node', async () => {
    const lines = await measureCommandCpu(ONE_ROUND)
    assert.equal(lines.length, 3)
    for (const line of lines) assertMeasured([line], 'command-cpu', -1)
  })

  test('a load from an example gives what the example has', async () => {
    const { document } = await withProcesses(startExampleLoad)
    assert.match(document, /example\.json$/)
  })

  test('an install of an unchanged document is measured beside its first one', async () => {
    const { annotated } = await madeDocuments(SMALL_BYTES)
    const documents = [{ document: annotated, settings: [] }]
    assertMeasured(await measureDescribe(documents, ONE_ROUND), 'describe')
  })

  test('a first compile is measured beside the parser', async () => {
    const { annotated } = await madeDocuments(SMALL_BYTES)
    assertMeasured(await measureCompile([annotated], ONE_ROUND), 'compile')
  })

  test('a first catalog is measured', async () => {
    const { annotated } = await madeDocuments(SMALL_BYTES)
    assertMeasured(await measureCatalog([annotated], ONE_ROUND), 'catalog')
  })

  test('the longest block of the event loop is measured', async () => {
    const { annotated } = await madeDocuments(SMALL_BYTES)
    assertMeasured(await measureLoopBlock([annotated], ONE_ROUND), 'loop-block')
  })

  test("a replica's first load is measured beside that of the one that compiled", async () => {
    const { annotated } = await madeDocuments(SMALL_BYTES)
    assertMeasured(await measureRedisModel([annotated], ONE_ROUND, 50), 'redis-model')
  })

  test('the reading of rows is measured beside a bare loop, with the growth of memory', async () => {
    const [rate, growth] = await measureReadRows(ONE_ROUND, 20_000)
    assert.ok(rate && growth)
    assertMeasured([rate], 'read-rows')
    assertMeasured([growth], 'read-rows')
    assert.ok(growth.isMet)
  })

  test('the decoding of many records is measured beside that of few', () => {
    assertMeasured(measureDecode(ONE_ROUND, 2), 'decode')
  })

  test('H8 V1 the memory store is measured with values of very many owners', async () => {
    const lines = await measureStore(ONE_ROUND, 20_000)
    assert.equal(lines.length, 2)
    for (const line of lines) assertMeasured([line], 'store')
  })

  test('the memory of the service is measured while documents are in use', async () => {
    assertMeasured(await measureMemory({ count: 5, bytes: SMALL_BYTES }, ONE_ROUND), 'memory')
  })
})
