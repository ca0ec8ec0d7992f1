import assert from 'node:assert/strict'
import { Session } from 'node:inspector'
import type { Profiler } from 'node:inspector'

/** CPU time of the thread that one turn of the event loop may take in a test (ms). */
const HELD_MAX_MS = 250

/** How often the turns are looked at (ms). */
const TICK_MS = 20

/** How often the stack is sampled (µs). */
const SAMPLING_US = 10_000

/** Frames of a stack that are shown. */
const FRAMES_MAX = 12

/** A turn of the event loop that took too long: its CPU time, and the stack that was seen most. */
type HeldTurn = { readonly milliseconds: number; readonly stack: string }

type Watch = {
  readonly held: readonly HeldTurn[]
  /** Looks at the time since the last look. */
  look(): void
}

/** One for the process, as starting the profiler takes long. */
let watch: Watch | null = null

/**
 * Watches the event loop for a test.
 *
 * @returns What is called at the end of the test. It fails if the service held the loop for longer than 250 ms of
 *   the thread's own CPU time, and shows the stack. What the test itself computes does not count, nor does
 *   waiting for a busy machine.
 */
export function watchLoop(): () => void {
  watch ??= startWatch()
  const current = watch
  // What was done before is not of this test.
  current.look()
  const before = current.held.length
  return () => {
    current.look()
    const told = current.held
      .slice(before)
      .map(({ milliseconds, stack }) => `for ${milliseconds.toFixed(0)} ms by\n${stack}`)
    assert.deepEqual(told, [], `the event loop was held ${told.join('\n\n')}`)
  }
}

function startWatch(): Watch {
  const held: HeldTurn[] = []
  const session = new Session()
  session.connect()
  const post = (method: 'Profiler.enable' | 'Profiler.start'): void => session.post(method)
  post('Profiler.enable')
  session.post('Profiler.setSamplingInterval', { interval: SAMPLING_US })
  post('Profiler.start')
  let last = process.threadCpuUsage()
  let lastAt = microseconds()
  const look = (): void => {
    const { user, system } = process.threadCpuUsage(last)
    const from = lastAt
    // A tick is itself late after a long turn; before it there may have been short ones.
    const milliseconds = (user + system) / 1_000 - TICK_MS
    if (milliseconds > HELD_MAX_MS) {
      session.post('Profiler.stop', (_, result) => {
        const turn = heldBy(result.profile, from, milliseconds)
        if (turn !== null) held.push(turn)
      })
      post('Profiler.start')
    }
    last = process.threadCpuUsage()
    lastAt = microseconds()
  }
  setInterval(look, TICK_MS).unref()
  return { held, look }
}

/** The clock of the profiler. */
function microseconds(): number {
  return Number(process.hrtime.bigint() / 1_000n)
}

type Frames = readonly string[]

/** The turn, if the service took too much of it; null for the test's own work. */
function heldBy(
  { nodes, samples = [], timeDeltas = [], startTime }: Profiler.Profile,
  from: number,
  milliseconds: number
): HeldTurn | null {
  const stacks = stacksOf(nodes)
  const counts = new Map<string, number>()
  let [all, ofService] = [0, 0]
  let at = startTime
  for (const [index, sample] of samples.entries()) {
    at += timeDeltas[index] ?? 0
    const stack = stacks.get(sample) ?? []
    if (at < from || stack[0] === '(idle)') continue
    all++
    if (!stack.some(frame => frame.includes('/service/'))) continue
    ofService++
    const text = stack.slice(0, FRAMES_MAX).join('\n')
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  const share = all === 0 ? 0 : (milliseconds * ofService) / all
  // On a busy machine few samples are taken, of which a share says little.
  const seen = Math.min(share, (ofService * SAMPLING_US) / 1_000)
  if (seen <= HELD_MAX_MS) return null
  const [stack = ''] = [...counts].toSorted(([, a], [, b]) => b - a)[0] ?? []
  return { milliseconds: seen, stack }
}

/** The frames of each node, the innermost first. */
function stacksOf(nodes: readonly Profiler.ProfileNode[]): ReadonlyMap<number, Frames> {
  const parents = new Map<number, Profiler.ProfileNode>()
  for (const node of nodes) for (const child of node.children ?? []) parents.set(child, node)
  return new Map(
    nodes.map(node => {
      const frames: string[] = []
      for (let above: Profiler.ProfileNode | undefined = node; above !== undefined; ) {
        const { functionName, url, lineNumber } = above.callFrame
        if (functionName !== '(root)') {
          const place = url === '' ? '' : ` ${url}:${lineNumber + 1}`
          frames.push(`${functionName || '(anonymous)'}${place}`)
        }
        above = parents.get(above.id)
      }
      return [node.id, frames] as const
    })
  )
}
