import { parentPort, workerData } from 'node:worker_threads'

import type { Attack } from './expression-attacks.ts'
import { attacksOn } from './expression-attacks.ts'

/** A regular expression and where it stands. */
export type Placed = { readonly place: string; readonly expression: RegExp }

/** Sizes of the texts, and the milliseconds of a core that an expression may take for one. */
const SIZES = [
  { length: 24, limitMs: 20 },
  { length: 32, limitMs: 20 },
  { length: 1_000, limitMs: 20 },
  { length: 32_000, limitMs: 20 }
]
const LONGEST = { length: 1_000_000, limitMs: 200 }

/** Why an expression takes too long for a text; undefined if it does not. */
function excess({ expression }: Placed, attack: Attack, size: typeof LONGEST): string | undefined {
  const { before, repeated, after } = attack
  const text = before + repeated.repeat(Math.ceil(size.length / repeated.length)) + after
  // It is tried again, as the first time may have included a garbage collection.
  const spent = spentOn(expression, text)
  if (spent <= size.limitMs || spentOn(expression, text) <= size.limitMs) return undefined
  return `${JSON.stringify(before)}, then ${size.length} characters of ${JSON.stringify(repeated)}, then ${JSON.stringify(after)}: ${Math.round(spent)} ms`
}

function spentOn(expression: RegExp, text: string): number {
  expression.lastIndex = 0
  const start = process.threadCpuUsage()
  if (expression.global && !expression.sticky) text.replace(expression, '')
  else expression.exec(text)
  const { user, system } = process.threadCpuUsage(start)
  return (user + system) / 1_000
}

function faultOf(placed: Placed): string | undefined {
  const attacks = attacksOn(placed.expression)
  for (const size of SIZES) {
    for (const attack of attacks) {
      const fault = excess(placed, attack, size)
      if (fault !== undefined) return fault
    }
  }
  const plain = attacks.filter(
    ({ before, repeated, after }) => before === '' && after !== '' && [...repeated].length === 1
  )
  for (const attack of plain) {
    const fault = excess(placed, attack, LONGEST)
    if (fault !== undefined) return fault
  }
  return undefined
}

const expressions: readonly Placed[] = workerData
for (const placed of expressions) {
  // Said before it is tried: an expression that never ends is known by its place.
  parentPort?.postMessage({ tried: placed.place })
  const fault = faultOf(placed)
  if (fault !== undefined) {
    parentPort?.postMessage({ fault: `${placed.place} ${placed.expression} ${fault}` })
  }
}
