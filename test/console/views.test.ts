import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { after, test } from 'node:test'

import type { Page, Route } from 'playwright-core'

import { accessibilityFaults } from '../support/accessibility.ts'
import type { Look } from '../support/start-browser.ts'
import { newPage, openPage, startBrowser } from '../support/start-browser.ts'
import { startConnector } from '../support/start-connector.ts'

/** Where each view is seen in each look after a run. */
const PICTURES = new URL('../../.cache/screenshots/', import.meta.url)
mkdirSync(PICTURES, { recursive: true })

const { url } = await startConnector({ after }, {})
const browser = await startBrowser({ after })

const LOOKS: { readonly [name: string]: Look } = {
  'desktop-light': { width: 1280, height: 800, colorScheme: 'light' },
  'desktop-dark': { width: 1280, height: 800, colorScheme: 'dark' },
  'phone-light': { width: 360, height: 740, colorScheme: 'light' },
  'phone-dark': { width: 360, height: 740, colorScheme: 'dark' }
}

/** What someone does in a view, so that there is something to see in it. */
const STEPS: { readonly [view: string]: (page: Page) => Promise<void> } = {
  async Types(page) {
    await page.getByRole('option', { name: /^Pet load/ }).click()
    await page.getByRole('heading', { name: 'Mappings' }).waitFor()
  },
  async Document(page) {
    await page.locator('.cm-line').first().waitFor()
  },
  async Try(page) {
    await page.getByRole('button', { name: /^Query / }).click()
    await page.getByText('What happened').first().waitFor()
  },
  async Suggest(page) {
    await page.goto(page.url().replace('sample%3Apetstore', 'sample%3Ano-markup'))
    await page.getByRole('main').getByText('/customers', { exact: true }).first().waitFor()
  },
  async Compare(page) {
    await page.goto(page.url().replace('sample%3Ano-markup', 'sample%3Apetstore'))
    await page.getByLabel('Older version').fill('sample:no-markup')
    await page.getByRole('button', { name: 'Compare', exact: true }).click()
    await page.getByText('installed flows.').waitFor()
  },
  async Catalog(page) {
    await page.getByRole('link', { name: 'POST /pets' }).click()
    await page.getByRole('heading', { name: 'POST /pets' }).waitFor()
    await page.evaluate('scrollTo(0, 0)')
  }
}

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

for (const [name, look] of Object.entries(LOOKS)) {
  test(`J01 every view is accessible, keeps its policy and fits its window: ${name}`, async t => {
    const address = `${url}/#/start?doc=sample%3Apetstore&responses=example`
    const page = await openPage(t, browser, address, look)
    await page.getByText('9 types').first().waitFor()
    const links = page.getByRole('navigation', { name: 'Views' }).getByRole('listitem')
    const views = await links.allInnerTexts()
    assert.ok(views.length >= 7)
    const faults: string[] = []
    for (const view of views.map(text => text.trim())) {
      await links.getByRole('link', { name: view, exact: true }).click()
      const title = view === 'Start' ? 'Open an API' : view
      await page.getByRole('heading', { name: title, level: 1, exact: true }).waitFor()
      await STEPS[view]?.(page)
      await page.locator(':root:not(:has(.loading))').waitFor()
      const path = new URL(`${view.toLowerCase()}-${name}.png`, PICTURES).pathname
      await page.screenshot({ path })
      const found = await accessibilityFaults(page)
      faults.push(...found.map(fault => `${view}: ${fault}`))
      const current = page.getByRole('navigation', { name: 'Views' }).locator('[aria-current]')
      const { x, width: linkWidth } = (await current.boundingBox()) ?? assert.fail(view)
      if (x < 0 || x + linkWidth > (look.width ?? 0)) faults.push(`${view} is not in sight`)
      const width = Number(await page.evaluate('document.documentElement.scrollWidth'))
      if (width > (look.width ?? 0)) faults.push(`${view} is ${width} pixels wide`)
    }
    assert.deepEqual(faults, [])
  })
}
