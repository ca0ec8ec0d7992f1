import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { after, test } from 'node:test'

import type { Page } from 'playwright-core'

import { accessibilityFaults } from '../support/accessibility.ts'
import type { Look } from '../support/start-browser.ts'
import { openPage, startBrowser } from '../support/start-browser.ts'
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
      await page.getByRole('heading').first().waitFor()
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
