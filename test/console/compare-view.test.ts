import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import type { Route } from 'playwright-core'

import { accessibilityFaults } from '../support/accessibility.ts'
import { openPage, startBrowser } from '../support/start-browser.ts'
import { startWorkbench } from '../support/start-workbench.ts'
import { startFiles } from '../support/start-files.ts'

const { url } = await startWorkbench({ after })
const browser = await startBrowser({ after })

/** A document with types of one property each, whose names are given. */
function documentOf(...properties: readonly string[]): string {
  const schemas = properties.map(
    (name, index) => `    Thing${index}:
      type: object
      x-flow-type: { name: Thing${index} }
      properties: { id: { type: string }, ${name}: { type: string } }`
  )
  return `openapi: 3.0.3
info: { title: Things, version: '1' }
x-flow: { inference: off }
paths: {}
components:
  schemas:
${schemas.join('\n')}
`
}

async function startVersions(t: Parameters<typeof startFiles>[0], old: string, now: string) {
  const files = await startFiles(t, { '/old.yaml': old, '/new.yaml': now })
  return { old: `${files.url}/old.yaml`, now: `${files.url}/new.yaml` }
}

test('J16 the view Compare shows what a new version breaks, and a link shows the same', async t => {
  const versions = await startVersions(t, documentOf('color'), documentOf('shade'))
  const doc = encodeURIComponent(versions.now)
  const page = await openPage(t, browser, `${url}/#/compare?doc=${doc}`)
  await page.getByLabel('Older version').fill(versions.old)
  await page.getByRole('button', { name: 'Compare', exact: true }).press('Enter')
  await page.getByText('1 change breaks installed flows.').waitFor()
  await page.getByText('Property "color" of type "Thing0" seems to be called "shade" now').waitFor()
  await page.getByText('PROPERTY_RENAMED').waitFor()
  assert.deepEqual(await accessibilityFaults(page), [])

  const link = page.url()
  const again = await openPage(t, browser, link, { width: 360, colorScheme: 'dark' })
  await again.getByText('1 change breaks installed flows.').waitFor()
  assert.equal(await again.getByLabel('Older version').inputValue(), versions.old)
  assert.ok(Number(await again.evaluate('document.documentElement.scrollWidth')) <= 360)

  await page.getByRole('button', { name: 'Swap the versions' }).click()
  await page.getByText('Property "shade" of type "Thing0" seems to be called "color" now').waitFor()
  assert.equal(await page.getByLabel('Older version').inputValue(), versions.now)
})

test('J16 a secret of either version stays in the tab when they are compared and swapped', async t => {
  const [here, elsewhere] = [
    await startFiles(t, { '/new.yaml?token=planted': documentOf('shade') }),
    await startFiles(t, { '/old.yaml?token=planted': documentOf('color') })
  ]
  const now = `${here.url}/new.yaml?token=planted`
  const page = await openPage(t, browser, `${url}/`)
  const seen: string[] = []
  page.on('framenavigated', () => void seen.push(page.url()))
  await page.getByLabel('Schema URL').fill(now)
  await page.getByText('Configuration').first().click()
  await page.getByLabel('API Key').fill('planted-key')
  await page.getByRole('button', { name: 'Apply' }).click()
  await page.getByText('1 type and 0 mappings.').waitFor()
  await page.getByRole('link', { name: 'Compare', exact: true }).click()
  const older = page.getByLabel('Older version')
  await older.fill(`${elsewhere.url}/old.yaml?token=planted`)
  await older.press('Enter')
  await page.getByText('seems to be called "shade" now').waitFor()
  assert.equal(await page.locator('code').filter({ hasText: 'planted' }).count(), 0)
  const sent = page.waitForRequest(/\/diff$/)
  await page.getByRole('button', { name: 'Swap the versions' }).click()
  assert.doesNotMatch((await sent).postData() ?? '', /planted-key/)
  await page.getByText('seems to be called "color" now').waitFor()
  assert.equal(await older.inputValue(), now)
  assert.ok(seen.length > 1)
  assert.doesNotMatch(seen.join('\n'), /planted/)
})

test('J16 the verdict on one version is not shown for another', async t => {
  const versions = await startVersions(t, documentOf('color'), documentOf('shade'))
  const doc = encodeURIComponent(versions.now)
  const page = await openPage(
    t,
    browser,
    `${url}/#/compare/${encodeURIComponent(versions.old)}?doc=${doc}`
  )
  const verdict = page.getByText('1 change breaks installed flows.')
  await verdict.waitFor()
  const { promise: asked, resolve } = Promise.withResolvers<Route>()
  await page.route(/\/diff$/, route => resolve(route))
  await page.getByLabel('Older version').fill(versions.now)
  await page.getByLabel('Older version').press('Enter')
  const held = await asked
  assert.equal(await verdict.count(), 0)
  await held.continue()
  await page.getByRole('heading', { name: 'No flow notices the change' }).waitFor()
})

test('the view Compare says that no flow notices the change', async t => {
  const versions = await startVersions(t, documentOf('color'), `${documentOf('color')}# again\n`)
  const item = encodeURIComponent(versions.old)
  const hash = `#/compare/${item}?doc=${encodeURIComponent(versions.now)}`
  const page = await openPage(t, browser, `${url}/${hash}`)
  await page.getByRole('heading', { name: 'No flow notices the change' }).waitFor()
})

test('the view Compare lists many changes a hundred at a time, and finds one of them', async t => {
  const names = Array.from({ length: 250 }, (_, index) => `p${index}`)
  const versions = await startVersions(t, documentOf(...names), documentOf())
  const item = encodeURIComponent(versions.old)
  const hash = `#/compare/${item}?doc=${encodeURIComponent(versions.now)}`
  const page = await openPage(t, browser, `${url}/${hash}`)
  await page.getByText('250 changes break installed flows.').waitFor()
  const rows = page.locator('.change-list > li')
  assert.equal(await rows.count(), 100)
  await page.getByRole('button', { name: 'Show 100 more of 150' }).click()
  await rows.nth(199).waitFor()
  await page.getByLabel('Search changes').fill('"thing249"')
  await rows.nth(1).waitFor({ state: 'detached' })
  assert.match(await rows.first().innerText(), /Type "Thing249" is gone/)
})

test('the view Compare tells why an older version cannot be read', async t => {
  const versions = await startVersions(t, '', documentOf('color'))
  const item = encodeURIComponent(`${versions.old}.gone`)
  const hash = `#/compare/${item}?doc=${encodeURIComponent(versions.now)}`
  const page = await openPage(t, browser, `${url}/${hash}`)
  await page.getByRole('alert').getByText('answered 404').waitFor()
  assert.deepEqual(await accessibilityFaults(page), [])
  await page.getByRole('button', { name: 'Try again' }).waitFor()
})
