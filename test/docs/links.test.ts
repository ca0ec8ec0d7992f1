import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

import { pageAnchors } from '../support/page-anchors.ts'

const pages = await Array.fromAsync(
  glob('**/*.md', { exclude: name => /^(node_modules|dist)$|^\../.test(name) })
)

/** Markdown without its code, in which nothing is a link. */
function proseOf(page: string): string {
  return readFileSync(page, 'utf8')
    .replace(/^```.*?^```$/gms, '')
    .replace(/`[^`\n]*`/g, '')
}

test('the README and the pages that it leads to are there', () => {
  for (const page of [
    'README.md',
    'docs/x-flow.md',
    'docs/running.md',
    'docs/errors.md',
    'docs/catalog.md'
  ]) {
    assert.ok(pages.includes(page), page)
  }
})

for (const page of pages) {
  test(`J15 every relative link of ${page} leads to a file, and every anchor to a heading`, () => {
    const targets = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(
      ([, target]) => target ?? ''
    )
    const broken = targets
      .filter(target => !/^[a-z][a-z+.-]*:/i.test(target))
      .filter(target => {
        const [path = '', anchor] = target.split('#')
        const file = path === '' ? page : join(dirname(page), decodeURIComponent(path))
        if (!existsSync(file)) return true
        return anchor !== undefined && !pageAnchors(file).includes(anchor)
      })
    assert.deepEqual(broken, [])
  })
}
