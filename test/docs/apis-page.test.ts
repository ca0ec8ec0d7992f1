import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { codeBlocks } from '../support/code-blocks.ts'

/** The sections of the page, each with the text from its heading on. */
const sections = readFileSync('docs/apis.md', 'utf8').split(/^## /m).slice(1)

const excerpts = sections.flatMap(section =>
  codeBlocks(section).map(({ text }) => {
    const [, sample = ''] = /\.\.\/openapi-samples\/(apis\/[\w-]+\.yaml)/.exec(section) ?? []
    return { title: section.split('\n', 1)[0], sample, text }
  })
)

/** Lines that are neither blank nor comments. */
function codeLines(text: string): string[] {
  return text.split('\n').filter(line => !/^\s*(?:#|$)/.test(line))
}

/** The text of lines, without what they are indented by together. */
function dedent(lines: readonly string[]): string {
  const indent = Math.min(...lines.map(line => line.search(/\S/)))
  return lines.map(line => line.slice(indent)).join('\n')
}

test('J15 the page of APIs has excerpts', () => {
  assert.ok(excerpts.length > 0)
})

for (const [index, { title, sample, text }] of excerpts.entries()) {
  test(`J15 excerpt ${index + 1}, of ${title}, is a part of its sample`, () => {
    const lines = codeLines(readFileSync(`openapi-samples/${sample}`, 'utf8'))
    const wanted = codeLines(text)
    const isHere = lines.some(
      (_, start) => dedent(lines.slice(start, start + wanted.length)) === dedent(wanted)
    )
    assert.ok(isHere, text)
  })
}
