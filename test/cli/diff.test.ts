import assert from 'node:assert/strict'
import { test } from 'node:test'

import { runInTerminal } from '../support/run-in-terminal.ts'
import { startFolder } from '../support/start-folder.ts'

const OLD = `openapi: 3.0.3
info: { title: Notes, version: '1' }
paths: {}
components:
  schemas:
    Note:
      type: object
      x-flow-type: { name: Note }
      properties:
        id: { type: integer }
        text: { type: string }
        stars: { type: integer }
`
const NEW = OLD.replace('        stars: { type: integer }\n', '        color: { type: string }\n')

test('J16 diff tells each change at its line with what it does to flows, and ends with 1 if one breaks them', async t => {
  const directory = startFolder(t, { 'old.yaml': OLD, 'new.yaml': NEW })
  const { code, out, err } = await runInTerminal(['diff', 'old.yaml', 'new.yaml'], { directory })
  assert.deepEqual([code, err], [1, ''])
  assert.equal(
    out,
    `old.yaml:6:5 breaks PROPERTY_REMOVED property "stars" of type "Note" is gone
    Loads no longer fill it, saves no longer send it, and a filter or an order by it is refused with COLUMN_UNKNOWN.
new.yaml:6:5 keeps PROPERTY_ADDED property "color" of type "Note" is new
    Flows can use it once the connector is installed again.
1 change breaks installed flows, 1 does not
`
  )
})

test('J16 diff of versions that flows do not tell apart ends with 0', async t => {
  const directory = startFolder(t, { 'old.yaml': OLD })
  const { code, out } = await runInTerminal(['diff', 'old.yaml', 'old.yaml'], { directory })
  assert.deepEqual([code, out], [0, '0 changes break installed flows, 0 do not\n'])
})

test('J16 diff --json writes the changes with their places', async t => {
  const directory = startFolder(t, { 'old.yaml': OLD, 'new.yaml': NEW })
  const { out } = await runInTerminal(['diff', '--json', 'old.yaml', 'new.yaml'], { directory })
  const { breaking, others, changes } = JSON.parse(out)
  assert.deepEqual([breaking, others, changes.length], [1, 1, 2])
  assert.deepEqual(changes[0], {
    code: 'PROPERTY_REMOVED',
    breaks: true,
    message: 'property "stars" of type "Note" is gone',
    effect:
      'Loads no longer fill it, saves no longer send it, and a filter or an order by it is refused with COLUMN_UNKNOWN.',
    version: 'old',
    pointer: '/components/schemas/Note',
    type: 'Note',
    property: 'stars',
    mapping: null,
    file: 'old.yaml',
    line: 6,
    column: 5
  })
})

test('J16 A07 one of the versions may come from standard input', async t => {
  const directory = startFolder(t, { 'old.yaml': OLD })
  const { code, out } = await runInTerminal(['diff', 'old.yaml', '-'], { directory, input: NEW })
  assert.equal(code, 1)
  assert.match(out, /^-:6:5 keeps PROPERTY_ADDED /m)
  const both = await runInTerminal(['diff', '-', '-'], { directory, input: NEW })
  assert.deepEqual([both.code, both.out], [2, ''])
  assert.match(both.err, /^standard input can be one of the two versions only$/m)
})

test('J16 an overlay changes both versions', async t => {
  const overlay = `overlay: 1.0.0
info: { title: Keys, version: '1' }
actions: [{ target: $.components.schemas.Note, update: { x-flow-type: { name: Memo } } }]
`
  const plain = (text: string): string => text.replace(/ +x-flow-type: .*\n/, '')
  const directory = startFolder(t, {
    'old.yaml': plain(OLD),
    'new.yaml': plain(NEW),
    'keys.yaml': overlay
  })
  const args = ['diff', 'old.yaml', 'new.yaml', '--overlay', 'keys.yaml']
  const { code, out } = await runInTerminal(args, { directory })
  assert.equal(code, 1)
  assert.match(out, /breaks PROPERTY_REMOVED property "stars" of type "Memo" is gone$/m)
})

test('J16 diff compares documents of any origin, and notes that nothing can be installed yet', async t => {
  const same = await runInTerminal(['diff', 'sample:petstore', 'sample:petstore'])
  assert.deepEqual([same.code, same.err], [0, ''])
  const directory = startFolder(t, { 'bare.yaml': 'openapi: 3.1.0\npaths: {}\n' })
  const bare = await runInTerminal(['diff', 'bare.yaml', 'sample:petstore'], { directory })
  assert.equal(bare.code, 0)
  assert.match(bare.err, /^"bare\.yaml" has no types/)
})

test('J16 a version that cannot be read, or only one of them, ends with 2', async t => {
  const directory = startFolder(t, { 'old.yaml': OLD })
  for (const args of [
    ['old.yaml'],
    ['old.yaml', 'none.yaml'],
    ['old.yaml', 'old.yaml', 'old.yaml']
  ]) {
    const { code, out, err } = await runInTerminal(['diff', ...args], { directory })
    assert.deepEqual([code, out], [2, ''], args.join(' '))
    assert.match(err, /takes OLD NEW|there is no such file/)
  }
})
