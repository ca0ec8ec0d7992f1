import assert from 'node:assert/strict'

import type { Page } from 'playwright-core'

import type { Look } from './start-browser.ts'
import { openPage, startBrowser } from './start-browser.ts'
import type { Lifetime } from './lifetime.ts'

/** The sizes of a window in which each view is looked at (CSS pixels). */
export const WINDOWS = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 360, height: 740 }
} as const

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

/**
 * Opens each view of a sample in turn, with something to see in it.
 *
 * @param url Of the connector.
 * @param see What is looked at in a view. Returns faults, one line each.
 * @returns All faults, with the name of their view.
 */
export async function walkViews(
  t: Lifetime,
  url: string,
  look: Look,
  see: (page: Page, view: string) => Promise<readonly string[]>
): Promise<string[]> {
  const address = `${url}/#/start?doc=sample%3Apetstore&responses=example`
  const page = await openPage(t, await startBrowser(t), address, look)
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
    const found = await see(page, view)
    faults.push(...found.map(fault => `${view}: ${fault}`))
  }
  return faults
}

/** Whether a view, and its link in the navigation, are as wide as the window or less. */
export async function widthFaults(page: Page, { width: limit = 0 }: Look): Promise<string[]> {
  const faults: string[] = []
  const current = page.getByRole('navigation', { name: 'Views' }).locator('[aria-current]')
  const { x, width: linkWidth } = (await current.boundingBox()) ?? assert.fail('no view')
  if (x < 0 || x + linkWidth > limit) faults.push('not in sight')
  const width = Number(await page.evaluate('document.documentElement.scrollWidth'))
  if (width > limit) faults.push(`${width} pixels wide`)
  return faults
}
