import assert from 'node:assert/strict'
import { parseArgs } from 'node:util'

import { runHostileSoak } from './run-hostile-soak.ts'
import { type Sample, soak } from './soak.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    requests: { type: 'string', default: '200000' },
    rate: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    hostile: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false }
  }
})
const bounds = {
  seed: wholeNumber('seed'),
  milliseconds: wholeNumber('minutes') * 60_000,
  requests: wholeNumber('requests'),
  requestsPerSecond: wholeNumber('rate')
}
const say = (line: string): void => {
  if (!values.json) console.log(line)
}

say(
  `${values.minutes} min at ${values.rate} requests/s, again with: npm run soak -- --seed ${bounds.seed}`
)
const isPassed = values.hostile ? await runHostileSoak(bounds, values.json) : await runSoak()
process.exitCode = isPassed ? 0 : 1

async function runSoak(): Promise<boolean> {
  const result = await soak(bounds, sample => say(lineOf(sample)))
  const { outcomes, heldBack, slope, isSlopeJudged, start, end, idleMs, failures } = result

  say('\nrequests by outcome')
  for (const [outcome, count] of Object.entries(outcomes).toSorted(([, a], [, b]) => b - a)) {
    say(`${String(count).padStart(8)}  ${outcome}`)
  }
  say(`${String(heldBack).padStart(8)}  not sent, as too many were under way`)
  const judged = isSlopeJudged ? 'after the warm-up' : 'not judged, as the run was under 10 minutes'
  say(
    `\nmemory      ${slope === null ? 'too few samples' : `${slope.toFixed(2)} MB/min`}, ${judged}`
  )
  say(`sockets     ${start.sockets} at the start, ${end?.sockets ?? 'unknown'} at the end`)
  say(`timers      ${start.timers} at the start, ${end?.timers ?? 'unknown'} at the end`)
  say(`idle wait   ${(idleMs / 1_000).toFixed(1)} s`)
  say(`rejections  ${result.unhandledRejections} not handled`)
  for (const failure of failures) say(`FAILED      ${failure}`)
  if (values.json) console.log(JSON.stringify({ ...bounds, ...result }))
  return failures.length === 0
}

function lineOf({ at, answered, rss, sockets, timers }: Sample): string {
  return `${(at / 1_000).toFixed(0).padStart(6)} s  ${answered} answered, ${(rss / 1e6).toFixed(0)} MB, ${sockets} sockets, ${timers} timers`
}

function wholeNumber(name: 'minutes' | 'requests' | 'rate' | 'seed'): number {
  assert.match(values[name], /^[1-9]\d{0,9}$/, `--${name} is a whole number from 1 on`)
  return Number(values[name])
}
