import type { HostileBounds } from './hostile-soak.ts'
import { hostileSoak } from './hostile-soak.ts'

/**
 * Runs the hostile soak and prints its figures.
 *
 * @returns Whether the run has passed.
 */
export async function runHostileSoak(bounds: HostileBounds, isJson: boolean): Promise<boolean> {
  const say = (line: string): void => {
    if (!isJson) console.log(line)
  }
  const begun = performance.now()
  const result = await hostileSoak(bounds, ({ rss }, answered) => {
    const seconds = ((performance.now() - begun) / 1_000).toFixed(0)
    say(`${seconds.padStart(6)} s  ${answered} honest answers, ${(rss / 1e6).toFixed(0)} MB`)
  })
  for (const [who, outcomes] of Object.entries({
    honest: result.honest,
    hostile: result.hostile
  })) {
    say(`\n${who} requests by outcome`)
    for (const [outcome, count] of Object.entries(outcomes)) {
      say(`${String(count).padStart(8)}  ${outcome}`)
    }
  }
  const { median, percentile99, longest } = result
  say(`\nhonest      median ${median.toFixed(0)} ms, 99th percentile ${percentile99.toFixed(0)} ms`)
  say(`longest     ${longest.toFixed(0)} ms`)
  for (const failure of result.failures) say(`FAILED      ${failure}`)
  if (isJson) console.log(JSON.stringify({ ...bounds, ...result }))
  return result.failures.length === 0
}
