import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'

import { CACHE, makeWhole } from '../../bench/on-demand-package.ts'

for (const { what, left } of [
  { what: 'nothing', left: null },
  { what: 'a folder that is not whole', left: 'half' },
  { what: 'a folder that another process has made', left: 'whole' }
]) {
  test(`a folder of the cache is whole, in place of ${what}`, async t => {
    const home = new URL(`test-${process.pid}/`, CACHE)
    t.after(() => rmSync(home, { recursive: true, force: true }))
    if (left !== null) {
      mkdirSync(home, { recursive: true })
      writeFileSync(new URL(left, home), 'theirs')
    }
    const isWhole = async (): Promise<boolean> => existsSync(new URL('whole', home))
    await makeWhole(home, isWhole, async draft => {
      writeFileSync(new URL('whole', draft), 'ours')
    })
    assert.deepEqual(readdirSync(home), ['whole'])
  })
}
