import { createRandom } from '../../bench/seeded-random.ts'
import type { Verdict } from './check-list.ts'
import { checkLoad } from './check-list.ts'
import type { ListApi } from './list-api.ts'
import { apiLine } from './list-api.ts'
import { loadLine, makeLoads } from './list-loads.ts'
import { makeApi } from './make-api.ts'
import { createDice } from './make-size.ts'
import { startLists } from './start-lists.ts'

export type Finding = { readonly api: ListApi; readonly verdict: Verdict }

export type ListRun = {
  readonly loads: number
  readonly exact: number
  readonly problems: readonly Finding[]
  readonly wrong: readonly Finding[]
  /** Loads of each feature, and how many of them were wrong and problems. */
  readonly features: ReadonlyMap<string, FeatureCount>
}

type FeatureCount = { loads: number; wrong: number; problems: number; seed: number | null }

/** APIs that are read at the same time. */
const AT_ONCE = 8

/** Makes the loads of the APIs of some seeds, and counts what came of them. */
export async function runLists(seeds: {
  readonly from: number
  readonly count: number
}): Promise<ListRun> {
  const lists = await startLists()
  const features = new Map<string, FeatureCount>()
  const problems: Finding[] = []
  const wrong: Finding[] = []
  let [loads, exact] = [0, 0]
  const note = (finding: Finding): void => {
    const { api, verdict } = finding
    loads++
    if (verdict.is === 'exact') exact++
    if (verdict.is === 'problem') problems.push(finding)
    if (verdict.is === 'wrong') wrong.push(finding)
    for (const feature of [...api.features, `load: ${verdict.load.kind}`]) {
      const count = features.get(feature) ?? { loads: 0, wrong: 0, problems: 0, seed: null }
      count.loads++
      if (verdict.is === 'problem') count.problems++
      if (verdict.is === 'wrong') {
        count.wrong++
        count.seed ??= api.seed
      }
      features.set(feature, count)
    }
  }
  let next = seeds.from
  const work = async (): Promise<void> => {
    while (next < seeds.from + seeds.count) {
      const api = makeApi(next++)
      const client = lists.add(api)
      // Other numbers than those of the API, so that loads can change without changing it.
      const dice = createDice(createRandom(api.seed + 2 ** 31))
      for (const load of makeLoads(api, dice))
        note({ api, verdict: await checkLoad(api, load, client) })
      client.remove()
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work))
  } finally {
    await lists.close()
  }
  return { loads, exact, problems, wrong, features }
}

/** The shares, a table of what was wrong by feature, and some findings. */
export function runReport(
  { loads, exact, problems, wrong, features }: ListRun,
  shown = 10
): string {
  const share = (part: number, whole = loads): string => `${((100 * part) / whole).toFixed(2)}%`
  const rows = [...features]
    .filter(([, { wrong: count }]) => count > 0)
    .toSorted(([, a], [, b]) => b.wrong / b.loads - a.wrong / a.loads)
    .map(([name, { loads: all, wrong: count, problems: some, seed }]) =>
      [
        share(count, all).padStart(8),
        String(count).padStart(6),
        share(some, all).padStart(8),
        `${name} (seed ${seed})`
      ].join(' ')
    )
  return [
    `${loads} loads: ${share(exact)} exact, ${share(problems.length)} problems, ${share(wrong.length)} wrong`,
    ...counted(problems, ({ got }) => got.split(':', 1)[0] ?? ''),
    ...counted(wrong, ({ fault }) => fault),
    ...(rows.length > 0 ? ['   wrong  count  problem feature', ...rows] : []),
    ...wrong.slice(0, shown).map(findingText)
  ].join('\n')
}

export function findingText({
  api,
  verdict: { load, is, fault, expected, got, calls }
}: Finding): string {
  return [
    apiLine(api),
    `  ${fault || is}, ${loadLine(load)}`,
    `  expected ${expected}`,
    `  got      ${got}`,
    ...calls.map(call => `  ${call}`)
  ].join('\n')
}

/** How many findings there are of each kind. */
function counted(findings: readonly Finding[], kindOf: (verdict: Verdict) => string): string[] {
  const kinds = Map.groupBy(findings, ({ verdict }) => kindOf(verdict))
  return [...kinds]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([kind, { length }]) => `${String(length).padStart(8)} ${kind}`)
}
