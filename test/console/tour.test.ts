import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'

import type { Locator, Page } from 'playwright-core'

import { GUARD_MS, openPage, startBrowser } from '../support/start-browser.ts'
import { startDemo } from '../support/start-demo.ts'

const demo = await startDemo({ after })
const browser = await startBrowser({ after })

/** The clicks that docs/workbench.md lists. */
const LISTED = readFileSync('docs/workbench.md', 'utf8')
  .split('\n## ')
  .find(section => section.startsWith('A tour'))
  ?.match(/^\d+\. /gm)?.length

/** Someone who clicks what can be seen, and types. */
function visitor(page: Page) {
  const clicks: string[] = []
  return {
    clicks,
    async click(target: Locator): Promise<void> {
      clicks.push(`${target}`)
      await target.click()
    },
    async type(text: string): Promise<void> {
      await page.keyboard.type(text)
    }
  }
}

async function ticketsOf(subject: string): Promise<unknown> {
  const response = await fetch(`${demo.api}/tickets?limit=50&q=${encodeURIComponent(subject)}`, {
    headers: { 'x-api-key': demo.apiKey }
  })
  return response.json()
}

test('J01 J13 J14 from the demo to an object that is saved through the page, in at most twelve clicks', async t => {
  const page = await openPage(t, browser, demo.workbench)
  const { clicks, click, type } = visitor(page)

  await click(page.locator('summary').filter({ hasText: 'Configuration' }))
  await click(page.getByLabel('API Key'))
  await type(demo.apiKey)
  await click(page.getByRole('button', { name: 'Apply' }))
  await click(page.getByRole('link', { name: 'See the types' }))
  await click(page.getByRole('option', { name: 'Ticket load' }))
  await click(page.getByRole('link', { name: 'Try it' }))
  await click(page.getByRole('link', { name: 'Save', exact: true }))
  await click(page.getByRole('button', { name: 'Use sample values' }))
  const subject = page.getByLabel('subject')
  await t.waitFor(async () => assert.match(await subject.inputValue(), /\S/), { timeout: GUARD_MS })
  await click(subject)
  await page.keyboard.press('ControlOrMeta+A')
  await type('The printer prints sideways')
  await click(page.getByRole('button', { name: 'Save Ticket' }))

  const calls = page.getByRole('region', { name: 'What happened' }).getByRole('tabpanel')
  await calls.getByText('201', { exact: true }).waitFor()
  assert.match(await calls.innerText(), /^POST\s+\S+\/tickets/)
  assert.match(JSON.stringify(await ticketsOf('sideways')), /The printer prints sideways/)
  assert.ok(clicks.length <= 12, clicks.join('\n'))
  assert.equal(clicks.length, LISTED, clicks.join('\n'))

  const text = await page.locator('body').innerText()
  assert.ok(!text.includes(demo.apiKey))
  assert.ok(!page.url().includes(demo.apiKey))
})
