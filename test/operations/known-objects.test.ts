import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JsonValue } from '../../service/base/json.ts'
import { findItems } from '../../service/base/json-items.ts'
import type { KnownPage } from '../../service/operations/known-objects.ts'
import { createKnownObjects } from '../../service/operations/known-objects.ts'

const IDENTITY = { composite: null, candidates: [['id']] }

/** A page of objects with these ids, as an API writes it. */
function pageOf(ids: readonly JsonValue[], name = 'a'): string {
  return JSON.stringify(ids.map(id => ({ id, name })))
}

/** What is dropped of each page of a list. */
async function dropped(...pages: readonly string[]): Promise<readonly (readonly number[])[]> {
  const taken: KnownPage[] = []
  const known = createKnownObjects(IDENTITY, new AbortController().signal)
  for (const text of pages) {
    const values: JsonValue[] = JSON.parse(text)
    taken.push(await known.take(values, findItems(Buffer.from(text), [], values)))
  }
  return taken.map(page => page.dropped)
}

test('objects that an earlier page had are dropped, by whatever pages lie between', async () => {
  const pages = [pageOf([1, 2, 3]), pageOf([3, 4, 1]), '[]', pageOf([5, 4, 6, 2])]
  assert.deepEqual(await dropped(...pages), [[], [0, 2], [], [1, 3]])
})

test('an object with other content is not dropped', async () => {
  assert.deepEqual(await dropped(pageOf([1, 2]), pageOf([2, 3], 'b'), pageOf([3, 4], 'b')), [
    [],
    [],
    [0]
  ])
})

test('objects that one page has several times are kept', async () => {
  assert.deepEqual(await dropped(pageOf([1]), pageOf([2, 2, 1, 1]), pageOf([2])), [[], [2, 3], [0]])
})

/** The same page, whose text is not repeated as it is. */
const WITHOUT_TEXTS = {
  'line breaks': (page: string) => JSON.stringify(JSON.parse(page), null, 1),
  'a null': (page: string) => page.replace(']', ',null]'),
  'an exponent': (page: string) => page.replace(']', ',{"id":99,"size":1e5}]')
}

for (const [what, change] of Object.entries(WITHOUT_TEXTS)) {
  test(`objects are known again where only some pages have ${what}`, async () => {
    const [written, changed] = [pageOf, (ids: readonly number[]) => change(pageOf(ids))]
    assert.deepEqual(await dropped(written([1, 2]), changed([2, 3]), written([3, 4])), [
      [],
      [0],
      [0]
    ])
    assert.deepEqual(await dropped(changed([1, 2]), written([2, 3]), written([3, 1])), [
      [],
      [0],
      [0, 1]
    ])
    const late = [written([1, 2]), written([2, 3]), written([4, 5]), changed([5, 4, 6])]
    assert.deepEqual(await dropped(...late, written([6, 7])), [[], [0], [], [0, 1], [0]])
  })
}
