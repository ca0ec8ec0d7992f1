import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'

import { findChromium } from './support/chromium.ts'
import { redisServer } from './support/redis-server.ts'

// `npm test` runs every test but the long ones, `npm run test:long` those alone: chaos, bombs, fuzz, the packed
// package, rows of the benchmark. Arguments are files or folders, to run only what is below them.

/** Rooms whose tests share no state: they run in one process, which loads the code once. */
const PURE =
  /^test\/(base|compiler|docs|model|objects|parse|plan|protocol|samples)\/|^test\/\w+\.test/

/** Rooms whose tests start services. So many files share a process, and their services share compilers. */
const SERVED = /^test\/(apis|scenarios)\//
const SERVED_FILES = 8

/** Files of these rooms that look at what a whole process does, or take much of its time or memory. */
const APART =
  /\/(bounded-\w+|canary|catalog|clock-jumps|demo|helpdesk|long-urls|metrics|noisy-tenant|overlay-route|prototypes|redis-faults|replicas|stops)\.test/

/** Runs at a time, and processes at a time of the run of all other files. Most tests wait more than they compute. */
const RUNS_AT_ONCE = 3
const OTHERS_AT_ONCE = 3

/** A test that takes longer hangs. */
const TIMEOUT_MS = 300_000

const [mode, ...chosen] = process.argv.slice(2)
const isLong = mode === 'long'

/** A run of the test runner in a process of its own. */
type Run = { readonly options: readonly string[]; readonly files: readonly string[] }

type Outcome = { readonly passed: number; readonly failed: number }

function testFiles(): string[] {
  return readdirSync('test', { recursive: true, encoding: 'utf8' })
    .map(file => `test/${file}`)
    .filter(file => file.endsWith('.test.ts') && file.endsWith('.long.test.ts') === isLong)
    .filter(file => chosen.length === 0 || chosen.some(start => file.startsWith(start)))
    .toSorted()
}

function runs(files: readonly string[]): Run[] {
  const pure = isLong ? [] : files.filter(file => PURE.test(file))
  const served = isLong ? [] : files.filter(file => SERVED.test(file) && !APART.test(file))
  const others = files.filter(file => !pure.includes(file) && !served.includes(file))
  const hands = Math.ceil(served.length / SERVED_FILES)
  const dealt = Array.from({ length: hands }, (_, hand) =>
    served.filter((_, index) => index % hands === hand)
  )
  return [
    { options: [`--test-concurrency=${OTHERS_AT_ONCE}`], files: others },
    ...[pure, ...dealt].map(shared => ({ options: ['--test-isolation=none'], files: shared }))
  ].filter(run => run.files.length > 0)
}

async function perform({ options, files }: Run): Promise<Outcome> {
  const child = spawn(
    process.execPath,
    ['--test', `--test-timeout=${TIMEOUT_MS}`, ...options, ...files],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      // Each file is a process that loads the service.
      env: { NODE_COMPILE_CACHE: '.cache/compile', ...process.env }
    }
  )
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const [code] = await once(child, 'close')
  const count = (name: string): number =>
    Number(new RegExp(`^. ${name} (\\d+)$`, 'm').exec(output)?.[1] ?? 0)
  process.stdout.write(output)
  const failed = count('fail') + count('cancelled')
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
const waiting = runs(files).values()
const lane = async (): Promise<void> => {
  // Each lane takes the next run that no other has taken.
  for (const run of waiting) outcomes.push(await perform(run))
}
await Promise.all(Array.from({ length: RUNS_AT_ONCE }, lane))
const sum = (name: keyof Outcome): number => outcomes.reduce((all, one) => all + one[name], 0)
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`)
if (sum('failed') > 0 || sum('passed') === 0) process.exitCode = 1
