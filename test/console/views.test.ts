import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import type { Route } from 'playwright-core'

import { accessibilityFaults } from '../support/accessibility.ts'
import { newPage, openPage, startBrowser } from '../support/start-browser.ts'
import { startConnector } from '../support/start-connector.ts'
import { walkViews, widthFaults, WINDOWS } from '../support/walk-views.ts'

const { url } = await startConnector({ after }, {})
const browser = await startBrowser({ after })

test('J01 a view that comes late does not hide the one that is shown by then, and each takes the focus', async t => {
  const page = await openPage(t, browser, `${url}/#/start?doc=sample%3Apetstore`)
  await page.getByText('9 types').first().waitFor()
  const { promise: asked, resolve } = Promise.withResolvers<Route>()
  await page.route(/\/views\/catalog-view\.js$/, route => resolve(route))
  const views = page.getByRole('navigation', { name: 'Views' })
  await views.getByRole('link', { name: 'Catalog', exact: true }).click()
  const late = await asked
  await views.getByRole('link', { name: 'Types', exact: true }).click()
  const heading = page.getByRole('heading', { name: 'Types', level: 1, exact: true })
  await heading.waitFor()
  const came = page.waitForResponse(/\/views\/catalog-view\.js$/)
  await late.continue()
  await (await came).finished()
  await page.evaluate(url => import(url), late.request().url())
  assert.equal(await page.getByText('Reading the view').count(), 0)
  assert.ok(await heading.evaluate(element => element === document.activeElement))
})

test('J15 a view that fails is told, and the others can be used', async t => {
  const { page } = await newPage(t, browser, url)
  await page.route(/\/preview$/, async route => {
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...(await response.json()), types: [{}] } })
  })
  await page.goto(`${url}/#/types?doc=sample%3Apetstore`)
  await page.getByRole('alert').getByText('This view cannot be shown.').waitFor()
  await page.unroute(/\/preview$/)
  await page.getByRole('link', { name: 'Install', exact: true }).click()
  await page.getByRole('heading', { name: 'Install the types' }).waitFor()
})

for (const [window, size] of Object.entries(WINDOWS)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`J01 every view is accessible, keeps its policy and fits its window: ${window}-${colorScheme}`, async t => {
      const rules = colorScheme === 'light' ? 'all' : 'colours'
      const faults = await walkViews(t, url, { ...size, colorScheme }, async page => [
        ...(await accessibilityFaults(page, rules)),
        ...(await widthFaults(page, size))
      ])
      assert.deepEqual(faults, [])
    })
  }
}
