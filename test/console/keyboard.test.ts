import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import type { Page } from 'playwright-core'

import { startApi } from '../support/start-api.ts'
import { openPage, startBrowser } from '../support/start-browser.ts'
import { startWorkbench } from '../support/start-workbench.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Notes, version: '1' }
paths:
  /notes:
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } }
      responses: { '201': { description: Made, content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } } }
components:
  schemas:
    Note:
      type: object
      properties: { id: { type: string }, text: { type: string } }
      x-flow-type: { name: Note }
      x-flow-save: { path: /notes }
`

const { url } = await startWorkbench({ after })
const browser = await startBrowser({ after })
const api = await startApi({ after }, DOCUMENT)

/** What has the focus. Null if nothing has. */
type Focused = {
  readonly name: string
  readonly isMarked: boolean
  readonly isInSight: boolean
  readonly isEditor: boolean
  readonly isContent: boolean
}

/** Runs in the page. A hidden input is marked by what it belongs to, a drawn box by its line. */
const READ_FOCUS = `(() => {
  const element = document.activeElement
  if (element === null || element === document.body) return null
  const label = element.labels?.[0] ?? null
  const box = element.querySelector(':scope > rect')
  const places = [element, element.nextElementSibling, label, element.closest('.cm-editor'), box]
  const isMarked = place => {
    const { outlineStyle, outlineWidth, boxShadow, strokeWidth } = getComputedStyle(place)
    if (place === box) return parseFloat(strokeWidth) >= 2
    return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none'
  }
  const isInSight = place => {
    const { top, bottom, left, right, width, height } = place.getBoundingClientRect()
    return width * height > 1 && bottom > 0 && top < innerHeight && right > 0 && left < innerWidth
  }
  const shown = places.filter(place => place !== null)
  return {
    name: (element.getAttribute('aria-label') ?? (label ?? element).textContent).replace(/\\s+/g, ' ').trim(),
    isMarked: shown.some(isMarked),
    isInSight: shown.some(isInSight),
    isEditor: element.matches('.cm-content'),
    isContent: element.closest('main') !== null
  }
})()`

/** More stops than any view has. */
const STOPS_MAX = 200

/** Presses Tab, and fails if what has the focus then cannot be seen to have it. */
async function pressTab(page: Page, key = 'Tab'): Promise<Focused | null> {
  await page.keyboard.press(key)
  const focused: Focused | null = await page.evaluate(READ_FOCUS)
  if (focused !== null) {
    assert.ok(focused.isMarked, `no focus ring at "${focused.name}"`)
    assert.ok(focused.isInSight, `the focus is out of sight at "${focused.name}"`)
  }
  return focused
}

/** Presses Tab until something of this name has the focus. */
async function tabTo(page: Page, name: string | RegExp, key = 'Tab'): Promise<void> {
  const passed: string[] = []
  for (let stop = 0; stop < STOPS_MAX; stop++) {
    const focused = await pressTab(page, key)
    const found = focused?.name ?? ''
    if (typeof name === 'string' ? found === name : name.test(found)) return
    passed.push(found)
  }
  assert.fail(`${name} is not among ${passed.join(' | ')}`)
}

test('J01 J13 an object is saved from an empty start with keys alone', async t => {
  const page = await openPage(t, browser, `${url}/`)
  await tabTo(page, 'Skip to the content')
  await page.keyboard.press('Enter')
  await tabTo(page, 'Schema URL')
  await page.keyboard.type(api.documentUrl)
  await page.keyboard.press('Enter')
  await page.getByText('1 type and 1 mapping.').waitFor()
  await tabTo(page, 'See the types')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Note', exact: true }).waitFor()
  await tabTo(page, 'Types')
  await tabTo(page, /^Try it/)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Save Note' }).waitFor()
  await tabTo(page, 'text')
  await page.keyboard.type('typed')
  await tabTo(page, 'Save Note')
  api.answer({ status: 201, json: { id: '1', text: 'typed' } })
  await page.keyboard.press('Space')
  await page.getByText('Saved. This is what the flow has of the object now.').waitFor()
  assert.deepEqual(api.takeCalls(), ['POST /notes {"text":"typed"}'])
})

test('J01 every view is reached and left with keys alone, and the focus is always seen', async t => {
  const page = await openPage(t, browser, `${url}/#/start?doc=sample%3Apetstore&responses=example`)
  await page.getByText('9 types and 7 mappings.').waitFor()
  const navigation = page.getByRole('navigation', { name: 'Views' })
  const views = await navigation.getByRole('listitem').allInnerTexts()
  assert.ok(views.length >= 8)
  await tabTo(page, 'Skip to the content')
  await tabTo(page, views[0]?.trim() ?? '')
  for (const view of views.map(text => text.trim())) {
    if (view !== views[0]?.trim()) await tabTo(page, view, 'Shift+Tab')
    await page.keyboard.press('Enter')
    await navigation.locator('[aria-current]').filter({ hasText: view }).waitFor()
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.locator(':root:not(:has(.loading))').waitFor()
    // A whole round, from the heading to the first stop of the content.
    await tabTo(page, 'Skip to the content')
    await tabTo(page, 'Install')
    for (let stop = 0; !(await pressTab(page))?.isContent; stop++) assert.ok(stop < STOPS_MAX)
  }
})

test('J07 the editor is left with Escape and Tab, in both directions, while it completes too', async t => {
  const page = await openPage(t, browser, `${url}/#/document?doc=sample%3Apetstore`)
  await page.locator('.cm-content').waitFor()
  await tabTo(page, /^Text of/)
  await page.keyboard.press('Control+End')
  await page.keyboard.type('\nx-fl')
  await page.getByRole('option').first().waitFor()
  await page.keyboard.press('Escape')
  assert.equal((await pressTab(page))?.isEditor ?? false, false)
  await tabTo(page, /^Text of/, 'Shift+Tab')
  await page.keyboard.press('Escape')
  assert.equal((await pressTab(page, 'Shift+Tab'))?.isEditor ?? false, false)
})

test('J01 types are filtered with Space and chosen with arrows', async t => {
  const page = await openPage(t, browser, `${url}/#/types?doc=sample%3Apetstore`)
  await page.getByRole('heading', { name: 'Mappings' }).waitFor()
  const before = page.url()
  await tabTo(page, 'Skip to the content')
  await page.keyboard.press('Enter')
  await tabTo(page, /^With mappings/)
  await page.keyboard.press('Space')
  await page.getByRole('checkbox', { name: /^With mappings/, checked: true }).waitFor()
  await page.keyboard.press('Space')
  await page.getByRole('checkbox', { name: /^With mappings/, checked: false }).waitFor()
  await tabTo(page, 'Types')
  const changed = page.waitForURL(address => address.href !== before)
  const entries = await page.evaluate('history.length')
  await page.keyboard.press('ArrowDown')
  await changed
  await page.keyboard.press('End')
  await page.getByRole('heading', { name: 'Toy:category' }).waitFor()
  assert.equal(await page.evaluate('history.length'), entries)
})
