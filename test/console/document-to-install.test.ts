import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import { accessibilityFaults } from '../support/accessibility.ts'
import { GUARD_MS, openPage, startBrowser } from '../support/start-browser.ts'
import { startWorkbench } from '../support/start-workbench.ts'
import { startFiles } from '../support/start-files.ts'

const { url } = await startWorkbench({ after })
const browser = await startBrowser({ after })

test('J02 the view Start has a field for each configuration value, and keeps secrets in the tab', async t => {
  const described = await (await fetch(`${url}/metadata`)).json()
  const page = await openPage(t, browser, `${url}/`)
  await page.getByRole('button', { name: 'Petstore' }).click()
  await page.getByText('9 types and 7 mappings.').waitFor()
  await page.getByText('Configuration').first().click()
  for (const { developerName: name } of described.configurationValues) {
    assert.equal(await page.getByLabel(name, { exact: true }).count(), 1, name)
  }
  assert.deepEqual(await accessibilityFaults(page), [])
  await page.getByLabel('API Key').fill('planted-key')
  await page.getByLabel('Variables', { exact: true }).fill('A=planted-a\nB=planted-b')
  await page.getByLabel('Overlay URL').fill('kept:1\nhttps://h.example.com/o.yaml?token=planted')
  await page.getByLabel('Responses').selectOption('example')
  await page.getByRole('button', { name: 'Apply' }).click()
  await page.waitForURL(/responses=example/)
  const kept =
    'JSON.stringify([location.href, {...localStorage}, {...sessionStorage}, document.cookie])'
  assert.doesNotMatch(String(await page.evaluate(kept)), /planted/)
  await page.getByRole('link', { name: 'Install', exact: true }).click()
  await page.getByRole('heading', { name: 'Install', exact: true }).waitFor()
  assert.equal(await page.getByText('A secret, as you typed it in this tab').count(), 3)
  await page.getByText('The text is kept for a day only').waitFor()
  await page.getByRole('button', { name: 'Copy API Key' }).waitFor()
  assert.doesNotMatch(await page.innerText('main'), /planted/)
  assert.deepEqual(await accessibilityFaults(page), [])
})

test('a link with another document starts without the secrets of this one', async t => {
  const page = await openPage(t, browser, `${url}/#/start?doc=sample:petstore`)
  await page.getByText('9 types').first().waitFor()
  await page.getByText('Configuration').first().click()
  await page.getByLabel('API Key').fill('planted-key')
  const sent = page.waitForRequest(/\/preview$/)
  await page.getByRole('button', { name: 'Apply' }).click()
  assert.match((await sent).postData() ?? '', /planted-key/)
  const other = page.waitForRequest(/\/preview$/)
  await page.evaluate("location.hash = '#/start?doc=sample:petstore&server=http://127.0.0.1:9'")
  assert.doesNotMatch((await other).postData() ?? '', /planted/)
})

test('J01 J15 a document without an address is pasted, and one that cannot be read says what to do', async t => {
  const page = await openPage(t, browser, `${url}/`, { width: 360, colorScheme: 'dark' })
  await page.getByRole('button', { name: 'Open', exact: true }).press('Enter')
  await page.getByText('Type the address of a document, or choose a sample.').waitFor()
  await page.getByText('Paste its text').click()
  await page.getByLabel('Text of a document').fill('openapi: 3.0.3\ninfo: [')
  await page.getByRole('button', { name: 'Open the text' }).click()
  await page.getByRole('alert').waitFor()
  assert.match(await page.getByRole('alert').innerText(), /DOCUMENT_[A-Z_]+[\s\S]*Try again/)
  assert.deepEqual(await accessibilityFaults(page), [])
  // The text stays, with what is wrong at its line, and is corrected there.
  await page.getByRole('link', { name: 'Document', exact: true }).click()
  const editor = page.getByRole('textbox', { name: /^Text of/ })
  await editor.getByText('info: [').waitFor()
  await page.getByRole('button', { name: /DOCUMENT_NOT_PARSED/ }).click()
  await page.locator('.cm-activeLine').filter({ hasText: 'info: [' }).waitFor()
  assert.deepEqual(await accessibilityFaults(page), [])
  await editor.press('Control+A')
  await editor.press('Delete')
  await page.keyboard.type('{"openapi":"3.0.3","info":{"title":"T","version":"1"},"paths":{}}')
  await page.getByRole('button', { name: 'Use this text' }).click()
  await page.getByText('0 types', { exact: true }).waitFor()
  await page.getByText('Nothing to correct.').or(page.locator('.finding').first()).first().waitFor()
  await page.getByRole('link', { name: 'Start', exact: true }).click()
  await page.getByText('Paste its text').click()
  await page
    .getByLabel('Text of a document')
    .fill("openapi: 3.0.3\ninfo: { title: T, version: '1' }\npaths: {}\n")
  await page.getByRole('button', { name: 'Open the text' }).click()
  await page.getByText('0 types and 0 mappings.').waitFor()
  assert.match(page.url(), /doc=kept%3A/)
  assert.ok(Number(await page.evaluate('document.documentElement.scrollWidth')) <= 360)
})

test('J01 J10 the view Types draws relations, and tells how each mapping came about', async t => {
  const page = await openPage(t, browser, `${url}/#/types?doc=sample:no-markup`)
  await page.locator('svg .box').first().waitFor()
  await page.locator('details.type-mapping summary').first().click()
  const mapping = page.locator('details.type-mapping').first()
  assert.match(await mapping.innerText(), /inferred 0\.\d\d[\s\S]*Reasons/)
  assert.deepEqual(await accessibilityFaults(page), [])
  await page.goto(`${url}/#/types/Pet:tags?doc=sample:petstore`)
  await page.locator('svg .box').nth(1).waitFor()
  assert.equal(await page.locator('svg .box').count(), 2)
  await page.getByLabel('3 steps').check()
  await page.locator('figcaption').getByText('6 types').waitFor()
  await page.locator('svg .box').nth(5).waitFor()
  const drawing = page.getByRole('group', { name: /^Types related to Pet:tags/ })
  const moved = page.locator('.drawing g').first()
  for (const key of ['ArrowRight', '+', '-', 'ArrowDown']) {
    const before = await moved.getAttribute('transform')
    await drawing.press(key)
    await t.waitFor(
      async () => assert.notEqual(await moved.getAttribute('transform'), before, key),
      { timeout: GUARD_MS }
    )
  }
  await page.getByLabel('Search types').fill('toy')
  await page.getByRole('option').nth(1).click()
  await page.getByRole('heading', { name: 'Toy:category' }).waitFor()
  await page.getByRole('listbox', { name: 'Types' }).press('ArrowUp')
  await page.getByRole('heading', { name: 'Toy', exact: true }).waitFor()
  assert.match(page.url(), /#\/types\/Toy\?/)
})

test('the view Types has few rows of thousands of types, and draws at most 80', async t => {
  const schemas = Array.from({ length: 3_000 }, (_, index) => {
    const next = index === 0 ? Array.from({ length: 120 }, (_, at) => at + 1) : [index % 2_999]
    const properties = next.map(to => `p${to}: { $ref: '#/components/schemas/T${to}' }`)
    return `    T${index}: { x-flow-type: { name: T${index} }, type: object, properties: { ${properties.join(', ')} } }`
  })
  const text = `openapi: 3.0.3\ninfo: { title: Many, version: '1' }\npaths: {}\ncomponents:\n  schemas:\n${schemas.join('\n')}\n`
  const files = await startFiles(t, { '/many.yaml': text })
  const doc = encodeURIComponent(`${files.url}/many.yaml`)
  const page = await openPage(t, browser, `${url}/#/types/T0?doc=${doc}`)
  await page.locator('svg .box').nth(79).waitFor()
  assert.equal(await page.locator('svg .box').count(), 80)
  assert.ok((await page.getByRole('option').count()) < 60)
  await page.getByRole('listbox', { name: 'Types' }).press('End')
  await page.getByRole('heading', { name: 'T999', exact: true }).waitFor()
})

test('the view Types draws at most 240 relations, and those of the type that was chosen last', async t => {
  const names = Array.from({ length: 300 }, (_, at) => `p${at}: { $ref: '#/components/schemas/B' }`)
  const files = await startFiles(t, {
    '/lines.yaml': `openapi: 3.0.3
info: { title: Lines, version: '1' }
paths: {}
components:
  schemas:
    A: { x-flow-type: { name: A }, type: object, properties: { ${names.join(', ')} } }
    B: { x-flow-type: { name: B }, type: object, properties: { c: { $ref: '#/components/schemas/C' } } }
    C: { x-flow-type: { name: C }, type: object, properties: { d: { $ref: '#/components/schemas/D' } } }
    D: { x-flow-type: { name: D }, type: object, properties: { text: { type: string } } }
`
  })
  const doc = encodeURIComponent(`${files.url}/lines.yaml`)
  const page = await openPage(t, browser, `${url}/#/types/A?doc=${doc}`)
  await page.getByText('2 types, 240 relations (60 more relations not drawn)').waitFor()
  for (const name of ['B', 'A', 'D'])
    await page
      .getByRole('option', { name, exact: false })
      .filter({ hasText: new RegExp(`^${name}`) })
      .click()
  await page.getByRole('group', { name: 'Types related to D.' }).waitFor()
  await page.locator('svg .box').nth(1).waitFor()
  assert.equal(await page.locator('svg .box').count(), 2)
})

test('J06 a document that is read again is shown again, in each view, and asked for once', async t => {
  const files = await startFiles(t, { '/things.yaml': documentOf('before') })
  const doc = encodeURIComponent(`${files.url}/things.yaml`)
  const page = await openPage(t, browser, `${url}/#/types?doc=${doc}`)
  const asked: string[] = []
  page.on('request', request => void asked.push(new URL(request.url()).pathname))
  for (const [view, name] of [
    ['Types', 'first'],
    ['Document', 'second'],
    ['Suggest', 'third'],
    ['Catalog', 'fourth']
  ] as const) {
    await page.getByRole('link', { name: view, exact: true }).click()
    await page.getByRole('heading', { name: view, level: 1, exact: true }).waitFor()
    await page.locator(':root:not(:has(.loading))').waitFor()
    files.put('/things.yaml', documentOf(name))
    asked.length = 0
    await page.getByRole('button', { name: 'Read the document again' }).click()
    await page.getByRole('main').getByText(name).first().waitFor({ state: 'attached' })
    const routes = asked.filter(path => !path.startsWith('/console/'))
    assert.equal(routes.length, 2, routes.join())
  }
})

/** A document with a type without mappings, and an endpoint, that have a name in them. */
function documentOf(name: string): string {
  return `openapi: 3.0.3
info: { title: T, version: '1' }
paths:
  /things/{${name}}:
    get:
      parameters: [{ name: ${name}, in: path, required: true, schema: { type: string } }]
      responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } } }
components:
  schemas:
    Thing:
      type: object
      properties: { ${name}: { type: string } }
      x-flow-type: { name: Thing }
`
}

test('J06 J07 the view Document leads from a finding to its line, and from a line to its type; it completes and explains keys', async t => {
  const text = `openapi: 3.0.3
info: { title: T, version: '1' }
paths:
  /things/{id}:
    get:
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { '200': { description: ok } }
components:
  schemas:
    Thing:
      type: object
      properties: { id: { type: string } }
      x-flow-type: { name: Thing }
      x-flow-load: { path: '/thing/{id}' }
`
  const files = await startFiles(t, { '/things.yaml': text })
  const doc = encodeURIComponent(`${files.url}/things.yaml`)
  const page = await openPage(t, browser, `${url}/#/document/type:Thing?doc=${doc}`)
  const active = page.locator('.cm-activeLine')
  await active.filter({ hasText: 'Thing:' }).waitFor()
  await page.getByRole('button', { name: /did you mean/ }).click()
  await active.filter({ hasText: 'x-flow-load' }).waitFor()
  assert.deepEqual(await accessibilityFaults(page), [])
  const editor = page.getByRole('textbox', { name: /^Text of/ })
  await editor.getByText('x-flow-load').hover()
  const tip = page.locator('.key-tip').filter({ hasText: 'x-flow-load' })
  assert.match(await tip.innerText(), /^x-flow-load\s+\w.*docs\/x-flow\.md#/)
  await editor.press('End')
  await page.keyboard.type('\nx-flow-qu')
  await page.getByRole('option', { name: 'x-flow-query' }).waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.type('ery: {')
  await page.getByRole('button', { name: 'Use this text' }).click()
  await page.waitForURL(/doc=kept%3A/)
  await page.getByLabel('Open document').getByText('kept:').waitFor()
  await editor.getByText('x-flow-query').waitFor()
  await editor.getByText('Thing:').click()
  await page.getByRole('link', { name: 'Thing', exact: true }).click()
  await page.getByRole('heading', { name: 'Thing', exact: true }).waitFor()
})
