import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { DIAGNOSTICS } from '../../service/diagnostics.ts'
import { PROBLEMS } from '../../service/problems.ts'
import { SettingsSchema } from '../../service/settings.ts'
import { shownCommands, testShownCommands } from '../support/shown-commands.ts'
import { startApp } from '../support/start-app.ts'

const page = readFileSync('docs/running.md', 'utf8')

test('J15 the page shows the commands that end by themselves', () => {
  const names = shownCommands(page).map(({ args }) => args[0])
  assert.deepEqual([...new Set(names)].toSorted(), ['check', 'preview'])
})

testShownCommands(page)

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

/** Variables that others define (no-color.org, AWS), and the prefix of those of configuration values. */
const OTHER_NAMES = /^NO_COLOR$|^AWS_|^OPENAPI_FLOW_/

test('every name in capitals on the page is a setting, a code or known otherwise', () => {
  const named = [...page.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g)].map(([name]) => name)
  const known = [SettingsSchema.properties, PROBLEMS, DIAGNOSTICS].flatMap(Object.keys)
  assert.deepEqual(
    named.filter(name => !known.includes(name) && !OTHER_NAMES.test(name)),
    []
  )
})
