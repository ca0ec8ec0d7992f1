import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'

import type { BenchLine, UnmeasuredRow } from './bench-line.ts'
import { BENCH_ROWS } from './bench-rows.ts'
import { renderTable } from './render-table.ts'

// Measures the benchmark table. Exits with 0 when every target is met, 1 when one is missed or could not be
// measured, 2 for wrong usage.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false }
  }
})
const bounds = { rounds: positive('rounds'), seconds: positive('seconds') }
const names = chosenRows()
const lines: BenchLine[] = []
const unmeasured: UnmeasuredRow[] = []

for (const name of names) {
  if (!values.json) console.error(`measuring ${name}`)
  try {
    lines.push(...((await BENCH_ROWS.get(name)?.(bounds)) ?? []))
  } catch (error) {
    const [reason = ''] = String(error instanceof Error ? error.message : error).split('\n', 1)
    unmeasured.push({ row: name, reason })
  }
}

const isMet = unmeasured.length === 0 && lines.every(line => line.isMet !== false)
if (values.json) {
  const machine = {
    node: process.version,
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? ''
  }
  console.log(JSON.stringify({ ...machine, ...bounds, lines, unmeasured, isMet }, null, 2))
} else {
  console.log(renderTable(lines, unmeasured))
  const rounds = bounds.rounds === 1 ? 'one round' : `${bounds.rounds} rounds`
  console.log(`\nMedians of ${rounds}, both sides in turn, with the least and the most of several.`)
}
if (!isMet) process.exitCode = 1

/** Those of `--only a b` or `--only a,b`, in the order of the table; all without it. */
function chosenRows(): string[] {
  const asked = [...values.only, ...positionals].flatMap(text => text.split(',')).filter(Boolean)
  const known = [...BENCH_ROWS.keys()]
  const unknown = asked.filter(name => !BENCH_ROWS.has(name))
  if (unknown.length > 0) {
    refuse(`there is no row ${unknown.join(', ')}; there are ${known.join(', ')}`)
  }
  return asked.length === 0 ? known : known.filter(name => asked.includes(name))
}

function positive(name: 'rounds' | 'seconds'): number {
  const value = Number(values[name])
  const isRight = name === 'rounds' ? Number.isInteger(value) : Number.isFinite(value)
  if (isRight && value > 0) return value
  const kind = name === 'rounds' ? 'whole number' : 'number'
  return refuse(`--${name} is "${values[name]}"; allowed is a ${kind} above 0`)
}

function refuse(reason: string): never {
  console.error(reason)
  process.exit(2)
}
