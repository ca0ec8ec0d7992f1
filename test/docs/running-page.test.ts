import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { DIAGNOSTICS } from '../../service/diagnostics.ts'
import { PROBLEMS } from '../../service/problems.ts'
import { SettingsSchema } from '../../service/settings.ts'
import { codeBlocks } from '../support/code-blocks.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import { startApp } from '../support/start-app.ts'

const page = readFileSync('docs/running.md', 'utf8')
const blocks = codeBlocks(page)

/** The commands of the page's terminal blocks, each with what it is shown to write. */
const shown = blocks
  .filter(({ info }) => info === 'console')
  .flatMap(({ text }) => text.split(/^\$ /m).slice(1))
  .map(session => {
    const [command = '', ...output] = session.split('\n')
    return { command, output: output.join('\n') }
  })

test('J15 the page shows the commands that end by themselves', () => {
  const names = shown.map(({ command }) => command.split(' ')[1])
  assert.deepEqual([...new Set(names)].toSorted(), ['check', 'preview'])
})

for (const { command, output } of shown) {
  test(`J15 "${command}" writes what the page shows`, async t => {
    const directory = mkdtempSync(join(tmpdir(), 'openapi-flow-'))
    t.after(() => rmSync(directory, { recursive: true }))
    for (const { info, text } of blocks) {
      const [, name] = /^yaml (\S+\.yaml)$/.exec(info) ?? []
      if (name !== undefined) writeFileSync(join(directory, name), text)
    }
    const [program, ...args] = command.split(' ')
    assert.equal(program, 'openapi-flow')
    const { out, err } = await runInTerminal(args, { directory })
    assert.equal(out + err, output)
  })
}

test('the service has every route of the page', async t => {
  const { url } = await startApp(t, { readSampleFile: async () => Buffer.from('openapi: 3.0.3') })
  const cells = [...page.matchAll(/^\| (`[A-Z]+ \/[^|]*)\|/gm)].map(([, cell]) => cell ?? '')
  const routes = cells.flatMap(cell => {
    let method = ''
    return [...cell.matchAll(/`(?:([A-Z]+) )?(\/[^`]*)`/g)].map(([, given, path = '']) => {
      method = given ?? method
      return { method, path: path.replace('<name>', 'petstore') }
    })
  })
  assert.ok(routes.length >= 11)
  for (const { method, path } of routes) {
    const response = await fetch(`${url}${path}`, { method })
    assert.doesNotMatch(await response.text(), /ROUTE_UNKNOWN/, `${method} ${path}`)
  }
})

/** Variables that others define (no-color.org), and the prefix of those of configuration values. */
const OTHER_NAMES = /^NO_COLOR$|^OPENAPI_FLOW_/

test('every name in capitals on the page is a setting, a code or known otherwise', () => {
  const named = [...page.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g)].map(([name]) => name)
  const known = [SettingsSchema.properties, PROBLEMS, DIAGNOSTICS].flatMap(Object.keys)
  assert.deepEqual(
    named.filter(name => !known.includes(name) && !OTHER_NAMES.test(name)),
    []
  )
})
