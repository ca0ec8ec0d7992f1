import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

const decisions = await Array.fromAsync(glob('service/decisions/*.md'))
const sources = await Array.fromAsync(glob('service/**/*.ts'))

/** Whether a page may name a file or folder: by its path in service/ or the repository, or by its name alone. */
function exists(path: string): boolean {
  if (path.includes('/')) return existsSync(join('service', path)) || existsSync(path)
  return sources.some(source => source.endsWith(`/${path}`)) || existsSync(path)
}

for (const page of ['service/ARCHITECTURE.md', 'CONTRIBUTING.md', ...decisions]) {
  test(`every source file and folder that ${page} names exists`, () => {
    const names =
      readFileSync(page, 'utf8').match(/(?<![\w*./-])[\w-][\w./-]*(?:\.ts|\/(?=`))/g) ?? []
    assert.deepEqual(
      names.filter(name => !exists(name)),
      []
    )
  })
}

test('the map has a row for every room of the service, and names many files', () => {
  const map = readFileSync('service/ARCHITECTURE.md', 'utf8')
  const rooms = readdirSync('service', { withFileTypes: true })
    .filter(entry => entry.name !== 'decisions' && !entry.name.endsWith('.md'))
    .map(entry => (entry.isDirectory() ? `${entry.name}/` : entry.name))
  assert.deepEqual(
    rooms.filter(room => !map.includes(`\n| \`${room}\` |`)),
    []
  )
  assert.ok((map.match(/`[\w-]+\/[\w./-]+\.ts`/g) ?? []).length > 40)
})
