import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'

import { findChromium } from './support/chromium.ts'
import { redisServer } from './support/redis-server.ts'

// `npm test` runs every test but the long ones, `npm run test:long` those alone: chaos, bombs, fuzz, the packed
// package, rows of the benchmark. Arguments are files or folders, to run only what is below them.

/**
 * Files that look at what a whole process does, change it (its clock, its prototypes), take much of its time or memory,
 * or wait for long. Those of a line share a process; the longest begin first.
 */
const APART = [
  'scenarios/bounded-answers',
  'scenarios/bounded-requests',
  'cli/serve scenarios/stops scenarios/demo',
  'scenarios/clock-jumps',
  'scenarios/prototypes',
  'scenarios/redis-faults scenarios/replicas store/redis-link',
  'store/strict-rate-limit store/shared-store scenarios/tls-faults scenarios/upstream-failures',
  'routes/overload routes/hostile-requests scenarios/noisy-tenant scenarios/metrics',
  'routes/slow-readers routes/slow-bodies routes/fairness',
  'documents/compile-pool processes/process-pool'
].map(line => line.split(' ').map(name => `test/${name}.test.ts`))

/** The long tests that take longest begin first. Each file has a process of its own. */
const LONGEST = [
  'lists/lists',
  'lists/more-lists',
  'bench/compile-corpus',
  'cli/queue-killed',
  'fuzz/fuzz',
  'package/tarball'
].map(name => `test/${name}.long.test.ts`)

/**
 * All other files share processes with their like: those that watch a service of theirs from their first to their last
 * test, those that start one for each test, and those that start none, which take the least and come last.
 */
const KINDS = [
  /^test\/console\//,
  /^test\/(?!(base|compiler|docs|model|objects|parse|plan|protocol|samples)\/|\w+\.test)/,
  /^/
]

/** Files that share a process at most. Each process loads the service, and compiles its code anew. */
const SHARED_FILES = 24

const [mode, ...chosen] = process.argv.slice(2)
const isLong = mode === 'long'

/** Processes at a time. With more of them each takes more CPU, because they share the caches of two cores. */
const LANES = 4

/** A test that takes longer hangs. */
const TIMEOUT_MS = 300_000

/** A process that goes on for longer after its last test was left with something open. */
const END_MS = 60_000

type Outcome = { readonly passed: number; readonly failed: number }

function testFiles(): string[] {
  return readdirSync('test', { recursive: true, encoding: 'utf8' })
    .map(file => `test/${file}`)
    .filter(file => file.endsWith('.test.ts') && file.endsWith('.long.test.ts') === isLong)
    .filter(file => chosen.length === 0 || chosen.some(start => file.startsWith(start)))
    .toSorted()
}

/** The files by the process that runs them. */
function processes(files: readonly string[]): string[][] {
  const lines = isLong ? [...new Set([...LONGEST, ...files])].map(file => [file]) : APART
  const apart = lines.map(line => line.filter(file => files.includes(file)))
  const shared = files.filter(file => !lines.flat().includes(file))
  const kinds = KINDS.map((_, kind) =>
    shared.filter(file => KINDS.findIndex(pattern => pattern.test(file)) === kind)
  )
  return [...apart, ...kinds.flatMap(cut)].filter(some => some.length > 0)
}

/** Neighbours, in parts of one size. */
function cut(files: readonly string[]): string[][] {
  const count = Math.ceil(files.length / SHARED_FILES)
  const size = Math.ceil(files.length / count)
  return Array.from({ length: count }, (_, at) => files.slice(at * size, (at + 1) * size))
}

async function perform(files: readonly string[]): Promise<Outcome> {
  const options = ['--test', `--test-timeout=${TIMEOUT_MS}`]
  // Processes that the long tests fork take over these options, and would be runs of tests themselves.
  if (!isLong) options.push('--test-isolation=none')
  const child = spawn(process.execPath, [...options, ...files], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Each process loads the service.
    env: { NODE_COMPILE_CACHE: '.cache/compile', ...process.env }
  })
  let output = ''
  let end: NodeJS.Timeout | undefined
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    if (/^. duration_ms /m.test(text)) end = setTimeout(() => child.kill('SIGKILL'), END_MS)
  })
  const [code, signal] = await once(child, 'close')
  clearTimeout(end)
  const count = (name: string): number =>
    Number(new RegExp(`^. ${name} (\\d+)$`, 'm').exec(output)?.[1] ?? 0)
  process.stdout.write(output)
  const failed = count('fail') + count('cancelled')
  if (code !== 0 && failed === 0) {
    process.stdout.write(`✖ ended with ${code ?? signal}: ${files.join(' ')}\n`)
  }
  return { passed: count('pass'), failed: code === 0 ? failed : Math.max(1, failed) }
}

const files = testFiles()
try {
  redisServer()
  if (files.some(file => file.startsWith('test/console/'))) await findChromium()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exit(1)
}
const outcomes: Outcome[] = []
const waiting = processes(files).values()
const lane = async (): Promise<void> => {
  // Each lane takes the next files that no other has taken.
  for (const some of waiting) outcomes.push(await perform(some))
}
await Promise.all(Array.from({ length: LANES }, lane))
const sum = (name: keyof Outcome): number => outcomes.reduce((all, one) => all + one[name], 0)
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`)
if (sum('failed') > 0 || sum('passed') === 0) process.exitCode = 1
