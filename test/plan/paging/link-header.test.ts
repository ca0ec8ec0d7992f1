import assert from 'node:assert/strict'
import { test } from 'node:test'

import { linkTargets } from '../../../service/plan/paging/link-header.ts'

const headers: readonly (readonly [string, string | null])[] = [
  [`<a>; rel='next'`, 'a'],
  [`<a>; rel='next', <b>; rel='last'`, 'a'],
  ['<a>; title="page 2; rel=prev is page 1"; rel="next"', 'a'],
  [`<a>; title='b, <c>; rel=next'; rel="prev"`, null],
  ['<a>; title="says \\"rel=next\\" there"; rel=prev, <b>; rel=next', 'b'],
  ['<a?q=1,2;3>;rel=next', 'a?q=1,2;3'],
  ['<a> ; REL = "Next"', 'a'],
  ['<a>; rel="prev"; rel="next"', null],
  ['<a>; rel="https://rel.test/x next"', 'a'],
  ['<a>; crossorigin; rel=next', 'a'],
  ['<a>; rel=next;', 'a'],
  ['<a>;;; rel=next', 'a'],
  ['<a>; relation=next', null],
  ['<a>; nrel=next', null],
  ['<a>; title="open; rel=next', 'a'],
  [`<a>; title=it's; rel=next`, 'a'],
  ['<a>, <b>; rel=next', 'b'],
  ['< a >; rel=next', 'a'],
  ['a; rel=next', null],
  ['<a; rel=next', null],
  [', ,<a>; rel=next', 'a'],
  ['<>; rel=next', '']
]
for (const [header, next] of headers) {
  test(`P10 the next link of ${header} is ${next}`, () => {
    assert.equal(linkTargets(header).get('next') ?? null, next)
  })
}

test('P10 the first link of each relation counts', () => {
  const targets = linkTargets(`<a>; rel="first prev", <b>; rel=next, <c>; rel='next last'`)
  assert.deepEqual(
    [...targets],
    [
      ['first', 'a'],
      ['prev', 'a'],
      ['next', 'b'],
      ['last', 'c']
    ]
  )
  assert.equal(linkTargets(undefined).size, 0)
})

test('P10 a header of any characters is read in one pass', () => {
  for (const part of ['<', '>', ';', '="', "='", '"\\', ' ', '<a>;', 'a=', '<a>; a="\\"', ',']) {
    const started = process.threadCpuUsage()
    linkTargets(part.repeat(200_000 / part.length))
    assert.ok(process.threadCpuUsage(started).user < 2_000_000, part)
  }
})
