import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { DIAGNOSTICS } from '../../service/diagnostics.ts'
import { PROBLEMS } from '../../service/problems.ts'
import { SettingsSchema } from '../../service/settings.ts'
import { startApp } from '../support/start-app.ts'

const page = readFileSync('docs/running.md', 'utf8')

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

test('every name in capitals on the page is a setting or a code', () => {
  const named = [...page.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g)].map(([name]) => name)
  const known = [SettingsSchema.properties, PROBLEMS, DIAGNOSTICS].flatMap(Object.keys)
  assert.deepEqual(
    named.filter(name => !known.includes(name)),
    []
  )
})
