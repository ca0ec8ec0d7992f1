import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { test } from 'node:test'

import { extensions } from '../../service/parse/extensions.ts'
import { pageAnchors } from '../support/page-anchors.ts'

const files = await Array.fromAsync(glob('service/**/*.ts'))
const sources = files.toSorted().map(file => ({ file, text: readFileSync(file, 'utf8') }))

test('every citation of a page in the service leads to a heading of it', () => {
  const citations = sources.flatMap(({ file, text }) =>
    [...text.matchAll(/\bdocs\/([\w-]+)\.md(?:#([\w-]+))?/g)].map(([cited, page, anchor]) => {
      return { file, cited, path: `docs/${page}.md`, anchor }
    })
  )
  assert.ok(citations.length > 0)
  const broken = citations.filter(
    ({ path, anchor }) =>
      !existsSync(path) || (anchor !== undefined && !pageAnchors(path).includes(anchor))
  )
  assert.deepEqual(
    broken.map(({ file, cited }) => `${file} cites ${cited}`),
    []
  )
})

test('the heading that a malformed key is referred to exists', () => {
  const literals = sources.flatMap(({ text }) => [...text.matchAll(/\bsection: '([\w-]+)'/g)])
  const cited = [
    ...Object.values(extensions).map(({ section }) => section),
    ...literals.map(([, section = '']) => section)
  ]
  const anchors = pageAnchors('docs/x-flow.md')
  assert.deepEqual(
    cited.filter(section => !anchors.includes(section)),
    []
  )
})

/** Sections of texts that are not in the repository, as comments used to cite them. */
const UNKNOWN_TEXTS = [
  /\b(?:x-flow|design|protocol|features?|vocabulary) \d+(?:\.\d+)?/gi,
  /\b(?:features?|rows?|decisions?) [A-Z]?\d+/gi,
  /\(\d+\.\d+\)/g
]

test('no comment or message of the service cites a text that is not in the repository', () => {
  const found = sources.flatMap(({ file, text }) =>
    text.split('\n').flatMap((line, index) => {
      const cited = UNKNOWN_TEXTS.flatMap(pattern => line.match(pattern) ?? [])
      return cited.length === 0 ? [] : [`${file}:${index + 1} ${[...new Set(cited)].join(', ')}`]
    })
  )
  assert.equal(found.length, 0, `${found.length} lines are left:\n${found.join('\n')}`)
})
