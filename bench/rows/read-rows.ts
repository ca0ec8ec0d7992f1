import assert from 'node:assert/strict'

import Type from 'typebox'
import { Value } from 'typebox/value'

import type { BenchBounds, BenchLine } from '../bench-line.ts'
import { absoluteLine, median, ratioOf } from '../bench-line.ts'
import { withProcesses } from '../processes.ts'

const RATE_TARGET = 0.7
const GROWTH_TARGET_MB = 150
const MB = 1_000_000

const Bare = Type.Object({ rows: Type.Integer(), ms: Type.Number() })
const Read = Type.Object({
  ms: Type.Number(),
  bytes: Type.Integer(),
  grown: Type.Number(),
  code: Type.Integer()
})

/** Least bytes of a row in the file. */
const LEAST_BYTES = 100

/**
 * Row `read-rows`: `openapi-flow read` of so many records into a file, beside a bare loop of undici and `JSON.parse`
 * over the same API, in records a second; and how far the memory of the command grows while it reads. Both sides read
 * the first 20,000 records before they are measured.
 */
export function measureReadRows(
  { rounds }: Pick<BenchBounds, 'rounds'>,
  count: number
): Promise<BenchLine[]> {
  return withProcesses(async start => {
    const api = await start('./rows-api.ts', String(count))
    const figures = { ours: [] as number[], reference: [] as number[], grown: [] as number[] }
    for (let round = 0; round < rounds; round++) {
      // Each in a process of its own, as a command is.
      const bare = await start('./bare-reader.ts', api.url)
      const { rows, ms } = Value.Parse(Bare, await bare.ask('read'))
      assert.equal(rows, count)
      figures.reference.push((rows / ms) * 1_000)
      await bare.end()
      const reader = await start('./row-reader.ts', api.url)
      const read = Value.Parse(Read, await reader.ask('read'))
      assert.equal(read.code, 0)
      assert.ok(read.bytes > count * LEAST_BYTES)
      figures.ours.push((count / read.ms) * 1_000)
      figures.grown.push(read.grown / MB)
      await reader.end()
    }
    const ours = { name: 'openapi-flow read', figures: figures.ours }
    const reference = { name: 'undici and JSON.parse', figures: figures.reference }
    const ratio = ratioOf(ours, reference)
    const what = `${count.toLocaleString('en')} records`
    return [
      {
        row: 'read-rows',
        what: `${what} read into a file`,
        unit: 'records/s',
        ours,
        reference,
        ratio,
        target: `≥ ${RATE_TARGET}`,
        isMet: median(ours.figures) >= RATE_TARGET * median(reference.figures)
      },
      absoluteLine(
        { row: 'read-rows', what: `growth of resident memory while ${what} are read`, unit: 'MB' },
        { name: 'openapi-flow read', figures: figures.grown },
        GROWTH_TARGET_MB
      )
    ]
  })
}
