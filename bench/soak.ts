import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'

import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'

import { createTraffic, INTERNAL, NO_ANSWER } from './soak-traffic.ts'

export type SoakBounds = {
  /** Seed of the faults and the requests. */
  readonly seed: number
  readonly milliseconds: number
  /** Maximum requests. */
  readonly requests: number
  readonly requestsPerSecond: number
}

const Figures = Type.Object({ rss: Type.Number(), sockets: Type.Number(), timers: Type.Number() })
/** What the service's process holds: resident bytes, sockets of every kind, timers. */
export type Figures = Static<typeof Figures>

/** Figures at a time in milliseconds from the start, after so many answers. */
export type Sample = Figures & { readonly at: number; readonly answered: number }

export type SoakResult = {
  readonly outcomes: { readonly [outcome: string]: number }
  /** Requests that were not sent, as too many were under way. */
  readonly heldBack: number
  readonly samples: readonly Sample[]
  /** Megabytes a minute after the warm-up; null of fewer than three samples. */
  readonly slope: number | null
  /** Whether the run was long enough for the slope to mean something. */
  readonly isSlopeJudged: boolean
  readonly start: Figures
  /** After the idle wait; null when the process had died. */
  readonly end: Figures | null
  readonly idleMs: number
  readonly unhandledRejections: number
  /** Why the run has failed, in words; none when it has not. */
  readonly failures: readonly string[]
}

const UNDER_WAY_MAX = 200
const SAMPLE_MS = 5_000
const JUDGED_FROM_MS = 10 * 60_000
const SLOPE_MAX = 1
/** Longer than a server keeps a connection that its client leaves alone. */
const IDLE_MAX_MS = 90_000
const MB = 1_000_000

/** Time-outs and bounds that the faults reach within seconds; documents are read again all the time. */
const SETTINGS = [
  'LOG_LEVEL=error',
  'DOCUMENT_TTL_S=1',
  'UPSTREAM_TIMEOUT_MS=2000',
  'FLOW_TIMEOUT_MS=10000',
  'RESPONSE_MAX_BYTES=1000000',
  'MODEL_CACHE_MAX_BYTES=16000000'
]

/**
 * Runs the service against a misbehaving API, each in a separate process, then waits up to 90 s until its
 * sockets and timers are back at their initial number.
 *
 * @param report Called with each sample, every 5 s.
 */
export async function soak(
  bounds: SoakBounds,
  report: (sample: Sample) => void
): Promise<SoakResult> {
  const api = fork(new URL('./misbehaving-api.ts', import.meta.url), [String(bounds.seed)])
  // Logs go to standard error, so that they do not mix with a result in JSON.
  const service = fork(new URL('./connector.ts', import.meta.url), SETTINGS, {
    execArgv: ['--unhandled-rejections=warn', '--report-exclude-network', '--report-exclude-env'],
    stdio: ['ignore', 2, 'pipe', 'ipc']
  })
  const rejections = countRejections(service)
  try {
    const [apiUrl, serviceUrl] = await Promise.all([firstMessage(api), firstMessage(service)])
    const start = await figuresOf(service)
    if (start === null) throw new Error('the service ended before its first request')
    const traffic = await drive(
      service,
      createTraffic(serviceUrl, apiUrl, bounds.seed + 1),
      bounds,
      report
    )
    if (!api.connected) throw new Error('the API ended before the run')
    const idleFrom = performance.now()
    const end = await untilAtRest(service, start)
    const facts = {
      ...traffic,
      slope: slopeOf(traffic.samples),
      isSlopeJudged: bounds.milliseconds >= JUDGED_FROM_MS,
      start,
      end,
      idleMs: performance.now() - idleFrom,
      unhandledRejections: rejections()
    }
    return { ...facts, failures: failuresOf(facts) }
  } finally {
    for (const child of [service, api]) if (child.connected) child.disconnect()
  }
}

async function drive(
  service: ChildProcess,
  sendSome: () => Promise<string>,
  bounds: SoakBounds,
  report: (sample: Sample) => void
): Promise<Pick<SoakResult, 'outcomes' | 'heldBack' | 'samples'>> {
  const begun = performance.now()
  const elapsed = (): number => performance.now() - begun
  const outcomes: Record<string, number> = {}
  const samples: Sample[] = []
  const underWay = new Set<Promise<void>>()
  let heldBack = 0
  let answered = 0
  const send = async (): Promise<void> => {
    const outcome = await sendSome()
    answered++
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  }
  for (let turn = 0; turn < bounds.requests && service.connected; turn++) {
    await wait(Math.max(0, (turn * 1_000) / bounds.requestsPerSecond - elapsed()))
    if (elapsed() >= bounds.milliseconds) break
    if (underWay.size < UNDER_WAY_MAX) {
      const sent = send().finally(() => underWay.delete(sent))
      underWay.add(sent)
    } else heldBack++
    if (elapsed() < (samples.length + 1) * SAMPLE_MS) continue
    const figures = await figuresOf(service)
    if (figures === null) break
    const sample = { ...figures, at: elapsed(), answered }
    samples.push(sample)
    report(sample)
  }
  await Promise.all(underWay)
  return { outcomes, heldBack, samples }
}

/** The figures as soon as no more is open than at the start, else the last ones. */
async function untilAtRest(service: ChildProcess, start: Figures): Promise<Figures | null> {
  const until = performance.now() + IDLE_MAX_MS
  for (;;) {
    const figures = await figuresOf(service)
    if (figures === null || isAtRest(figures, start) || performance.now() > until) return figures
    await wait(500)
  }
}

function isAtRest(figures: Figures, start: Figures): boolean {
  return figures.sockets <= start.sockets && figures.timers <= start.timers
}

/** What the service holds; null when its process has ended. */
export async function figuresOf(service: ChildProcess): Promise<Figures | null> {
  if (!service.connected) return null
  const ended = new AbortController()
  const end = (): void => ended.abort()
  service.once('disconnect', end)
  try {
    service.send('figures', () => {})
    const [figures] = await once(service, 'message', { signal: ended.signal })
    return Value.Parse(Figures, figures)
  } catch (error) {
    if (ended.signal.aborted) return null
    throw error
  } finally {
    service.off('disconnect', end)
  }
}

/** The first message of a process: its URL. */
export async function firstMessage(child: ChildProcess): Promise<string> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`a process ended with ${code} before it listened`)
  })
  const [url] = await Promise.race([once(child, 'message'), ended])
  // Its end later on is seen where it matters.
  ended.catch(() => {})
  return String(url)
}

/** Forwards the service's standard error, and counts the unhandled errors in it. */
function countRejections(service: ChildProcess): () => number {
  let seen = ''
  let count = 0
  service.stderr?.setEncoding('utf8').on('data', (text: string) => {
    process.stderr.write(text)
    const lines = (seen + text).split('\n')
    seen = lines.pop() ?? ''
    count += lines.filter(line => line.includes('rejection id:')).length
  })
  return () => count
}

/** The slope of the line of least squares through the resident megabytes by minute, without the first third. */
function slopeOf(samples: readonly Sample[]): number | null {
  const warm = samples.slice(Math.ceil(samples.length / 3))
  if (warm.length < 3) return null
  const mean = (of: (sample: Sample) => number): number =>
    warm.reduce((sum, sample) => sum + of(sample), 0) / warm.length
  const minute = mean(({ at }) => at / 60_000)
  const megabytes = mean(({ rss }) => rss / MB)
  const covariance = mean(({ at, rss }) => (at / 60_000 - minute) * (rss / MB - megabytes))
  return covariance / mean(({ at }) => (at / 60_000 - minute) ** 2)
}

function failuresOf(facts: Omit<SoakResult, 'failures'>): string[] {
  const { outcomes, start, end, slope, unhandledRejections } = facts
  const count = (beginning: string): number =>
    Object.entries(outcomes).reduce(
      (sum, [outcome, times]) => sum + (outcome.startsWith(beginning) ? times : 0),
      0
    )
  const said = (isSo: boolean, words: string): string[] => (isSo ? [words] : [])
  return [
    ...said(count('200') === 0, 'no request succeeded'),
    ...said(count(INTERNAL) > 0, `${count(INTERNAL)} requests were answered by ${INTERNAL}`),
    ...said(count(NO_ANSWER) > 0, `${count(NO_ANSWER)} requests were not answered`),
    ...said(unhandledRejections > 0, `${unhandledRejections} rejections were not handled`),
    ...said(end === null, 'the service died'),
    ...said(
      end !== null && !isAtRest(end, start),
      `${end?.sockets} sockets and ${end?.timers} timers stayed open, of ${start.sockets} and ${start.timers} at the start`
    ),
    ...said(
      facts.isSlopeJudged && slope !== null && slope > SLOPE_MAX,
      `memory grows by ${slope?.toFixed(2)} MB/min, and ${SLOPE_MAX} is allowed`
    )
  ]
}
