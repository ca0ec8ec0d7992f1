import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

/** Rules of WCAG 2.2, levels A and AA, and what axe-core recommends beyond them. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** The packed source takes half the time of `axe.source` to be sent and compiled. */
const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Those of them that read colours. The others find the same in the dark, where the page has other colours alone. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block']

/**
 * What axe-core finds wrong in a page as it is now, one line for each element.
 *
 * @param part Which rules are asked. Default: all.
 */
export async function accessibilityFaults(
  page: Page,
  part: 'all' | 'colours' = 'all'
): Promise<string[]> {
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(SOURCE)
  const rules = JSON.stringify(part === 'all' ? TAGS : COLOUR_RULES)
  const { violations }: AxeResults = await page.evaluate(
    `axe.run({ runOnly: ${rules}, resultTypes: ['violations'] })`
  )
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, any }) => `${id}: ${help}: ${target}: ${any.map(each => each.message)}`)
  )
}
