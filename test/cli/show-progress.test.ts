import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Readable } from 'node:stream'

import { showProgress } from '../../service/cli/read/show-progress.ts'
import type { Terminal } from '../../service/cli/terminal.ts'

/** A terminal whose standard error is seen or not, and the next line of it. */
function terminal(isSeen: boolean) {
  const lines: string[] = []
  const next = Promise.withResolvers<string>()
  const take = (kind: string) => (line: string) => {
    lines.push(`${kind} ${line}`)
    next.resolve(line)
  }
  const given: Terminal = {
    out: () => {},
    write: async () => {},
    err: take('err'),
    status: take('status'),
    input: Readable.from([]),
    isShown: { out: false, err: isSeen },
    environment: {},
    directory: '.',
    untilStopped: () => new Promise(() => {})
  }
  return { given, lines, next: next.promise }
}

test('progress is one line that changes where a person sees it, and is removed at the end', async () => {
  const { given, lines, next } = terminal(true)
  const progress = showProgress(given)
  assert.match(await next, /^0 records in 0 pages$/)
  progress.end()
  assert.equal(lines.at(-1), 'status ')
  assert.ok(lines.every(line => line.startsWith('status')))
})

test('progress is a plain line now and then elsewhere', async () => {
  const { given, lines, next } = terminal(false)
  const progress = showProgress(given, 'things, part 3', () => 0, 1)
  progress.onWait(5_000, 'rate limit')
  assert.equal(await next, 'things, part 3: 0 records in 0 pages, waiting 5 s for the rate limit')
  progress.end()
  assert.ok(lines.every(line => line.startsWith('err')))
})
