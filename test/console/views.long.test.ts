import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { after, test } from 'node:test'

import { accessibilityFaults } from '../support/accessibility.ts'
import { startBrowser } from '../support/start-browser.ts'
import { startWorkbench } from '../support/start-workbench.ts'
import { walkViews, widthFaults, WINDOWS } from '../support/walk-views.ts'

/** Where each view is seen in each look after a run. */
const PICTURES = new URL('../../.cache/screenshots/', import.meta.url)
mkdirSync(PICTURES, { recursive: true })

const { url } = await startWorkbench({ after })
// Closed after the last test.
await startBrowser({ after })

for (const [window, size] of Object.entries(WINDOWS)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    const name = `${window}-${colorScheme}`
    test(`J01 every view is accessible by all rules, keeps its policy and fits its window: ${name}`, async t => {
      const faults = await walkViews(t, url, { ...size, colorScheme }, async (page, view) => {
        const path = new URL(`${view.toLowerCase()}-${name}.png`, PICTURES).pathname
        await page.screenshot({ path })
        return [...(await accessibilityFaults(page)), ...(await widthFaults(page, size))]
      })
      assert.deepEqual(faults, [])
    })
  }
}
