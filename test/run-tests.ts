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

/** Processes at a time. Most tests wait more than they compute. */
const AT_ONCE = 4

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
  const others = files.filter(file => !pure.includes(file))
  return [
    { options: ['--test-isolation=none'], files: pure },
    { options: [`--test-concurrency=${AT_ONCE - 1}`], files: others }
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
const outcomes = await Promise.all(runs(files).map(perform))
const sum = (name: keyof Outcome): number => outcomes.reduce((all, one) => all + one[name], 0)
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`)
if (sum('failed') > 0 || sum('passed') === 0) process.exitCode = 1
