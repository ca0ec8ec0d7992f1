import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import type { BenchBounds, BenchLine } from '../bench-line.ts'
import { median } from '../bench-line.ts'

const COMMAND = fileURLToPath(new URL('../../bin/openapi-flow.js', import.meta.url))
const DOCUMENT = fileURLToPath(new URL('../../openapi-samples/petstore.yaml', import.meta.url))
const SERVE = { PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'warn' }

/** A command, and the CPU (ms) that it may take beyond a Node that does nothing. */
type Row = { readonly what: string; readonly args: readonly string[]; readonly target: number }

const ROWS: readonly Row[] = [
  { what: 'openapi-flow --help', args: [COMMAND, '--help'], target: 100 },
  { what: 'openapi-flow check of a small file', args: [COMMAND, 'check', DOCUMENT], target: 450 },
  { what: 'start and stop of the service', args: [COMMAND, 'serve'], target: 1_000 }
]

/** The CPU of all that it has waited for is the second line that `times` of a shell prints. */
const TIMED = 'trap : INT; "$@" >&2; times'

/**
 * Row `command-cpu`: CPU (ms) of a command with all its threads and processes, less that of `node -e 0` beside it,
 * with a warm compile cache.
 */
export async function measureCommandCpu({
  rounds
}: Pick<BenchBounds, 'rounds'>): Promise<BenchLine[]> {
  const lines: BenchLine[] = []
  for (const { what, args, target } of ROWS) {
    // Fills the compile cache.
    await cpuOf(args)
    const figures: number[] = []
    for (let round = 0; round < rounds; round++) {
      const idle = await cpuOf(['-e', '0'])
      figures.push((await cpuOf(args)) - idle)
    }
    lines.push({
      row: 'command-cpu',
      what: `CPU of ${what}, beyond node -e 0`,
      unit: 'ms',
      ours: { name: 'openapi-flow', figures },
      reference: null,
      ratio: null,
      target: `≤ ${target}`,
      isMet: median(figures) <= target
    })
  }
  return lines
}

/** Runs Node in a shell; a service is stopped once it listens. */
async function cpuOf(args: readonly string[]): Promise<number> {
  const shell = spawn('sh', ['-c', TIMED, 'sh', process.execPath, ...args], {
    // A group of its own, which gets the signal.
    detached: true,
    env: { ...process.env, ...SERVE },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let times = ''
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    times += text
  })
  let written = ''
  shell.stderr.setEncoding('utf8').on('data', (text: string) => {
    written += text
    if (text.includes('openapi-flow listens') && shell.pid !== undefined) {
      process.kill(-shell.pid, 'SIGINT')
    }
  })
  await once(shell, 'close')
  const [, user = '', system = ''] = /\n(\S+) (\S+)/.exec(times) ?? []
  const cpu = milliseconds(user) + milliseconds(system)
  assert.ok(cpu > 0, `node ${args.join(' ')}: ${written}`)
  return cpu
}

/** Reads a time such as `0m1.250000s`. */
function milliseconds(time: string): number {
  const [, minutes, seconds] = /^(\d+)m([\d.]+)s$/.exec(time) ?? []
  return (Number(minutes) * 60 + Number(seconds)) * 1_000
}
