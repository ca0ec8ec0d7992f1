import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import type { Route } from 'playwright-core'

import { accessibilityFaults } from '../support/accessibility.ts'
import { GUARD_MS, newPage, openPage, startBrowser } from '../support/start-browser.ts'
import { startWorkbench } from '../support/start-workbench.ts'
import { walkViews, widthFaults, WINDOWS } from '../support/walk-views.ts'

const { url } = await startWorkbench({ after })
const browser = await startBrowser({ after })

/** Runs in the page: the elements whose style changes over a time, however short. */
const MOVING = `[...document.querySelectorAll('*')].filter(element => {
  const { animationName, transitionProperty, transitionDuration } = getComputedStyle(element)
  return animationName !== 'none' || (transitionProperty !== 'none' && transitionDuration !== '0s')
}).map(({ outerHTML }) => outerHTML.slice(0, 80))`

/** The numbers of the lines in the editor. The first element is as wide as the widest, and hidden. */
const NUMBERS = '.cm-lineNumbers .cm-gutterElement:not([style*="visibility"])'

/** Runs in the page: where the first lines of the editor begin (CSS pixels). */
const topsOf = (selector: string): string =>
  `[...document.querySelectorAll('${selector}')].slice(0, 30).map(element => Math.round(element.getBoundingClientRect().top))`

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

test('J01 nothing moves for those who want less motion, not even for a moment', async t => {
  const page = await openPage(t, browser, `${url}/#/document?doc=sample%3Apetstore`)
  await page.locator('.cm-line').first().waitFor()
  assert.deepEqual(await page.evaluate(MOVING), [])
  // The editor measures its lines in their style: their numbers come to stand beside them.
  const beside = async (): Promise<void> =>
    assert.deepEqual(await page.evaluate(topsOf('.cm-line')), await page.evaluate(topsOf(NUMBERS)))
  await t.waitFor(beside, { timeout: GUARD_MS })
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
