import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import type { BenchBounds, BenchLine } from '../bench-line.ts'
import { absoluteLine } from '../bench-line.ts'

const COMMAND = fileURLToPath(new URL('../../bin/openapi-flow.js', import.meta.url))
const DOCUMENT = fileURLToPath(new URL('../../openapi-samples/petstore.yaml', import.meta.url))

/** Linux counts CPU in hundredths of a second. */
const TICK_MS = 10

/** CPU (ms) of something, and how much more than a Node that does nothing it may be. */
type Row = {
  readonly what: string
  readonly measure: () => Promise<number>
  readonly target: number
}

const ROWS: readonly Row[] = [
  { what: 'openapi-flow --help', measure: () => cpuOf(COMMAND, '--help'), target: 100 },
  { what: 'check of a small file', measure: () => cpuOf(COMMAND, 'check', DOCUMENT), target: 450 },
  { what: 'the service until it listens', measure: cpuUntilListening, target: 1_000 }
]

/**
 * Row `command-cpu`: CPU (ms) of commands with all their threads and processes, less that of `node -e 0` beside
 * them, with a warm compile cache. On Linux.
 */
export async function measureCommandCpu(bounds: Pick<BenchBounds, 'rounds'>): Promise<BenchLine[]> {
  const lines: BenchLine[] = []
  for (const { what, measure, target } of ROWS) {
    // Fills the compile cache.
    await measure()
    const figures: number[] = []
    for (let round = 0; round < bounds.rounds; round++) {
      const idle = await cpuOf('-e', '0')
      figures.push((await measure()) - idle)
    }
    const line = {
      row: 'command-cpu',
      what: `CPU of ${what}, beyond node -e 0`,
      unit: 'ms'
    } as const
    lines.push(absoluteLine(line, { name: 'openapi-flow', figures }, target))
  }
  return lines
}

/** Runs Node in a shell, which then tells what all took that it has waited for. */
async function cpuOf(...args: readonly string[]): Promise<number> {
  const script = '"$@" > /dev/null; times'
  const { stdout } = await promisify(execFile)('sh', [
    '-c',
    script,
    'sh',
    process.execPath,
    ...args
  ])
  const [, ofChildren = ''] = stdout.split('\n')
  const times = [...ofChildren.matchAll(/(\d+)m([\d.]+)s/g)]
  assert.equal(times.length, 2, stdout)
  return times.reduce((sum, [, minutes, seconds]) => {
    return sum + (Number(minutes) * 60 + Number(seconds)) * 1_000
  }, 0)
}

/** Starts the service, and stops it once it listens. */
async function cpuUntilListening(): Promise<number> {
  const service = spawn(process.execPath, [COMMAND, 'serve'], {
    env: { ...process.env, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'pipe', 'ignore']
  })
  const closed = once(service, 'close')
  await Promise.race([once(service.stdout, 'data'), closed])
  const { pid } = service
  assert.ok(pid !== undefined && service.exitCode === null, 'the service did not start')
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
  const cpu = [String(pid), ...children].map(cpuOfRunning).reduce((sum, each) => sum + each)
  service.kill('SIGINT')
  await closed
  return cpu
}

function cpuOfRunning(pid: string): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // Behind the name of the command, which may have spaces: user time is the 12th, system time the 13th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}
