import assert from 'node:assert/strict'

import { isJsonArray } from '../../service/base/json.ts'
import { parseDocument } from '../../service/parse/parse-document.ts'
import { compileModel } from '../../service/compiler/compile-model.ts'
import { packModel, unpackModel } from '../../service/model/packed-model.ts'
import { decodeObjects } from '../../service/objects/decode-objects.ts'
import type { BenchBounds, BenchLine } from '../bench-line.ts'
import { costLine } from '../bench-line.ts'
import { makeTickets, ticketsDocument } from '../tickets.ts'

const TARGET = 11
const FEW = 1_000
const MANY = 10_000
/** Turns of a round, unless others are asked for. */
const TURNS = 30

/**
 * Row `decode`: the time of `decodeObjects` for 10,000 records of an answer, in this process after a warm-up,
 * and alternately for 1,000 records, ten times. A round counts with its mean, so that garbage collection,
 * which happens in some of the small decodings only, counts fully. Records have a nested object with a
 * generated id.
 */
export function measureDecode({ rounds }: Pick<BenchBounds, 'rounds'>, turns = TURNS): BenchLine[] {
  const model = compileModel(
    parseDocument(JSON.stringify(ticketsDocument(null)), 'application/json', 'http://tickets.test'),
    { perType: 10, total: 10 }
  )
  const { types } = unpackModel(packModel(model, ''))
  const records: unknown = JSON.parse(JSON.stringify(makeTickets(MANY)))
  assert.ok(isJsonArray(records))
  const decode = (from: number, count: number): number => {
    const values = records.slice(from, from + count)
    const begun = performance.now()
    const { objects, warnings } = decodeObjects(types, 'Ticket', values)
    const milliseconds = performance.now() - begun
    assert.equal(objects.length, count)
    assert.equal(warnings.length, 0)
    assert.equal(objects.at(-1)?.externalId, String(from + count))
    return milliseconds
  }
  const decodeFew = (): number => {
    let sum = 0
    for (let from = 0; from < MANY; from += FEW) sum += decode(from, FEW)
    return sum / (MANY / FEW)
  }
  const figures = { few: [] as number[], many: [] as number[] }
  for (let round = 0; round <= rounds; round++) {
    let [many, few] = [0, 0]
    for (let turn = 0; turn < turns; turn++) {
      many += decode(0, MANY) / turns
      few += decodeFew() / turns
    }
    // The first is there to get warm.
    if (round === 0) continue
    figures.many.push(many)
    figures.few.push(few)
  }
  const ours = { name: '10,000 records', figures: figures.many }
  const reference = { name: '1,000 records', figures: figures.few }
  const line = { row: 'decode', what: 'decode of 10,000 records beside 1,000', unit: 'ms' } as const
  return [costLine(line, { ours, reference }, TARGET)]
}
