import type { SharedPart, SharedRun } from '../../store/shared-runs.ts'

/** How a run stands: `failed` when parts failed, and all others are done or need those. */
export type RunStanding = SharedRun['state'] | 'failed' | 'complete'

export function standingOf({ state, parts, done, failed }: SharedRun): RunStanding {
  if (done === parts) return 'complete'
  if (state !== 'running' || failed === 0) return state
  const last = parts - 1
  return done + failed >= last ? 'failed' : state
}

/** Reasons for which parts failed, each with the numbers of its parts. */
export function failuresOf(parts: readonly SharedPart[]): readonly string[] {
  const failed = parts.flatMap(({ state, reason }, part) =>
    state === 'failed' ? [{ part, reason }] : []
  )
  const byReason = Map.groupBy(failed, ({ reason }) => reason)
  return [...byReason].map(([reason, same]) => {
    const numbers = same.map(({ part }) => (part === parts.length - 1 ? 'outputs' : part))
    return `${same.length === 1 ? 'part' : 'parts'} ${numbers.join(', ')}: ${reason}`
  })
}
