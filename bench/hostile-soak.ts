import { fork } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'

import { createRandom, pick } from './seeded-random.ts'
import type { Figures } from './soak.ts'
import { figuresOf, firstMessage } from './soak.ts'

export type HostileBounds = {
  readonly seed: number
  readonly milliseconds: number
  /** Honest requests per second. */
  readonly requestsPerSecond: number
}

export type HostileResult = {
  /** Honest answers by outcome, and their times (ms). */
  readonly honest: { readonly [outcome: string]: number }
  readonly median: number
  readonly percentile99: number
  readonly longest: number
  readonly hostile: { readonly [outcome: string]: number }
  /** Resident megabytes at each sample. */
  readonly rss: readonly number[]
  readonly failures: readonly string[]
}

/** Hostile requests under way. */
const HOSTILE_AT_ONCE = 8
const SAMPLE_MS = 5_000
const PERCENTILE_99_MAX_MS = 500
/** Resident megabytes by which the last third of the run may exceed the middle one. */
const GROWTH_MAX_MB = 100
const HONEST = 'honest-door-token'
const HOSTILE = 'hostile-door-token'
const SETTINGS = ['LOG_LEVEL=fatal', `CONNECTOR_TOKENS=${HONEST},${HOSTILE}`]

type Attack = { readonly type: string; readonly filter?: object; readonly more?: string }

const condition = (value: string, criteriaType: string): object => ({
  columnName: 'p0',
  criteriaType,
  contentValue: value
})
const conditions = Array.from({ length: 500 }, (_, at) => condition(`x${at}`, 'NOT_EQUAL'))
const parts = Array.from({ length: 50 }, (_, at) => condition(`x${at}y`, 'CONTAINS'))

const ATTACKS: readonly [Attack, ...Attack[]] = [
  { type: 'rows', filter: { search: 'zzz' } },
  { type: 'rows', filter: { where: conditions } },
  { type: 'rows', filter: { where: [...conditions, ...conditions] } },
  { type: 'rows', filter: { orderBy: [{ columnName: 'p0', direction: 'DESC' }] } },
  { type: 'empty', filter: { where: conditions.slice(0, 1) } },
  { type: 'empty', filter: { limit: 10_000_000 } },
  { type: 'numbers' },
  { type: 'millions' },
  { type: 'levels' },
  { type: 'misfits', filter: { limit: 10_000_000 } },
  { type: 'text', filter: { comparisonType: 'OR', where: parts } },
  { type: 'rows', more: `"zz":[${'{},'.repeat(7_000_000)}{}]` },
  { type: 'rows', more: `"zz":[${'{},'.repeat(300_000)}{}]` },
  { type: 'rows', more: `"zz":"${'x'.repeat(20_000_000)}"` }
]

/**
 * Loads tickets for honest tenants while a hostile one asks for as much work as it can, through another door
 * token. Each side, the APIs and the service are separate processes on the same machine.
 *
 * @param report Called every 5 s with what the service holds, and the honest answers so far.
 */
export async function hostileSoak(
  bounds: HostileBounds,
  report: (figures: Figures, answered: number) => void
): Promise<HostileResult> {
  const honestApi = fork(new URL('./tickets-api.ts', import.meta.url))
  const hostileApi = fork(new URL('./hostile-api.ts', import.meta.url))
  const service = fork(new URL('./connector.ts', import.meta.url), SETTINGS)
  const children = [honestApi, hostileApi, service]
  try {
    const [honestUrl = '', hostileUrl = '', url = ''] = await Promise.all(
      children.map(firstMessage)
    )
    const times: number[] = []
    const honest: Record<string, number> = {}
    const hostile: Record<string, number> = {}
    const rss: number[] = []
    const random = createRandom(bounds.seed)
    const until = performance.now() + bounds.milliseconds
    const isOn = (): boolean => performance.now() < until && service.connected

    const over = new AbortController()
    const load = async (token: string, api: string, { type, filter, more }: Attack) => {
      const tenant = token === HONEST ? `honest ${Math.floor(random() * 4)}` : `t${random()}`
      const body = JSON.stringify({
        configurationValues: [{ developerName: 'Schema URL', contentValue: `${api}/openapi.json` }],
        objectDataType: { developerName: type },
        listFilter: filter ?? null
      })
      return outcomeOf(`${url}/k/${token}/data`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', manywhotenant: tenant },
        body: more === undefined ? body : `${body.slice(0, -1)},${more}}`,
        ...(token === HOSTILE && { signal: over.signal })
      })
    }
    const loadHonestly = async (): Promise<void> => {
      const from = performance.now()
      count(honest, await load(HONEST, honestUrl, { type: 'Ticket', filter: { limit: 20 } }))
      times.push(performance.now() - from)
    }
    const attack = async (): Promise<void> => {
      while (isOn()) {
        const chosen = pick(random, ATTACKS)
        count(hostile, await load(HOSTILE, hostileUrl, chosen))
      }
    }

    await loadHonestly()
    times.length = 0
    const attacks = Array.from({ length: HOSTILE_AT_ONCE }, attack)
    const underWay = new Set<Promise<void>>()
    let next = performance.now() + SAMPLE_MS
    while (isOn()) {
      const sent = loadHonestly().finally(() => underWay.delete(sent))
      underWay.add(sent)
      await wait(1_000 / bounds.requestsPerSecond)
      if (performance.now() < next) continue
      next += SAMPLE_MS
      const figures = await figuresOf(service)
      if (figures === null) break
      rss.push(figures.rss / 1e6)
      report(figures, times.length)
    }
    const isAlive = service.connected
    over.abort()
    await Promise.all([...attacks, ...underWay])
    return { ...judge(times, rss, honest, isAlive), honest, hostile, rss }
  } finally {
    for (const child of children) if (child.connected) child.disconnect()
  }
}

/** The code of a problem, else the status. The answer is read to its end, and dropped. */
async function outcomeOf(url: string, request: RequestInit): Promise<string> {
  try {
    const response = await fetch(url, request)
    let start = ''
    for await (const chunk of response.body ?? []) {
      if (start.length < 1_000) start += Buffer.from(chunk).toString('latin1')
    }
    const [, code] = /"code":"(\w+)"/.exec(start) ?? []
    return response.status === 200 || code === undefined ? String(response.status) : code
  } catch (error) {
    return `no answer: ${error instanceof Error ? error.name : error}`
  }
}

function count(outcomes: Record<string, number>, outcome: string): void {
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
}

function judge(
  times: readonly number[],
  rss: readonly number[],
  honest: { readonly [outcome: string]: number },
  isAlive: boolean
): Pick<HostileResult, 'median' | 'percentile99' | 'longest' | 'failures'> {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0
  const third = Math.floor(rss.length / 3)
  const most = (samples: readonly number[]): number =>
    samples.reduce((high, sample) => Math.max(high, sample), 0)
  const growth = third === 0 ? 0 : most(rss.slice(-third)) - most(rss.slice(third, -third))
  const bad = Object.keys(honest).filter(outcome => outcome !== '200')
  return {
    median: at(0.5),
    percentile99: at(0.99),
    longest: at(1),
    failures: [
      ...(isAlive ? [] : ['the service died']),
      ...(bad.length === 0 ? [] : [`honest requests were answered by ${bad.join(', ')}`]),
      ...(at(0.99) <= PERCENTILE_99_MAX_MS
        ? []
        : [`the 99th percentile is over ${PERCENTILE_99_MAX_MS} ms`]),
      ...(growth <= GROWTH_MAX_MB ? [] : [`memory grew by ${growth.toFixed(0)} MB`])
    ]
  }
}
