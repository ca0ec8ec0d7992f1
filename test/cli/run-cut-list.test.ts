import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import type { ListPaging } from '../support/long-list.ts'
import { manifestOf, numbered, startLongList } from '../support/long-list.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import { startFolder } from '../support/start-folder.ts'

/** Runs a pipeline of a list whose API refuses some pages. */
async function run(
  t: TestContext,
  {
    paging = 'offset',
    count,
    total = false,
    status,
    refuses
  }: {
    readonly paging?: ListPaging
    readonly count: number
    readonly total?: boolean
    readonly status: number
    /** Whether a page is refused, by its offset or number. */
    readonly refuses: (position: number) => boolean
  }
) {
  const list = await startLongList(t, paging, numbered(count), { total })
  list.instead = (_call, response) => {
    const { searchParams } = new URL(list.calls.at(-1) ?? '', list.url)
    const position = searchParams.get(paging) ?? (paging === 'page' ? 1 : 0)
    const isRefused = refuses(Number(position))
    if (isRefused) response.writeHead(status).end()
    return isRefused
  }
  const manifest = `${manifestOf(list.url, paging)}  outputs: { lake: { format: json, path: x } }\n`
  const directory = startFolder(t, { 'm.yaml': manifest })
  const { code, err } = await runInTerminal(['run', 'm.yaml'], { directory })
  const file = join(directory, 'x')
  const rows = existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : null
  return { code, err, rows, calls: list.calls.length }
}

for (const status of [400, 404, 416]) {
  test(`C31 a ${status} behind the last record ends a list, once a page that begins there has no other`, async t => {
    for (const count of [200, 1_200]) {
      const ended = await run(t, { count, status, refuses: offset => offset >= count })
      assert.deepEqual([ended.code, ended.rows], [0, count], ended.err)
      assert.equal(ended.calls, count / 100 + 2)
    }
  })

  test(`C31 a ${status} where an API pages no further cuts no list in silence`, async t => {
    for (const refuses of [
      (offset: number): boolean => offset >= 200,
      (offset: number): boolean => offset > 100
    ]) {
      const ended = await run(t, { count: 350, status, refuses })
      assert.deepEqual([ended.code, ended.rows], [1, null])
      assert.match(ended.err, /\[API_ERROR\]/)
    }
  })

  test(`C31 a ${status} does not end a list of which the API says that more follows`, async t => {
    const ended = await run(t, {
      count: 350,
      total: true,
      status,
      refuses: offset => offset >= 200
    })
    assert.deepEqual([ended.code, ended.rows], [1, null])
  })
}

test('C31 of a list that is paged by number a 404 is its end, and a 400 is none', async t => {
  const refuses = (page: number): boolean => page > 2
  const gone = await run(t, { paging: 'page', count: 200, status: 404, refuses })
  assert.deepEqual([gone.code, gone.rows], [0, 200], gone.err)
  const refused = await run(t, { paging: 'page', count: 200, status: 400, refuses })
  assert.deepEqual([refused.code, refused.rows], [1, null])
})
