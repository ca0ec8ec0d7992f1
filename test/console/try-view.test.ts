import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import type { ServerResponse } from 'node:http'

import type { Page } from 'playwright-core'

import { accessibilityFaults } from '../support/accessibility.ts'
import { startApi } from '../support/start-api.ts'
import { openPage, startBrowser } from '../support/start-browser.ts'
import { startWorkbench } from '../support/start-workbench.ts'

const SECRET = 'a-key-that-nobody-sees'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Shop, version: '1' }
servers: [{ url: / }]
security: [{ key: [] }]
x-flow: { inference: off }
paths:
  /orders:
    get:
      parameters:
        - { name: status, in: query, schema: { type: string } }
        - { name: limit, in: query, schema: { type: integer } }
        - { name: offset, in: query, schema: { type: integer } }
      responses:
        '200':
          description: Some
          content:
            application/json:
              schema: { type: array, items: { $ref: '#/components/schemas/Order' } }
              example: [{ id: sample-1, status: open, note: from the example, count: 7 }]
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
      responses: { '201': { description: Made, content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } } }
  /orders/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string }, x-ms-test-value: a-real-one }]
    get:
      responses: { '200': { description: One, content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } } }
    patch:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
      responses: { '200': { description: One, content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } } }
    delete: { responses: { '204': { description: Gone } } }
components:
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }
  schemas:
    Order:
      type: object
      properties:
        id: { type: string }
        status: { type: string }
        note: { type: string }
        count: { type: integer }
        pin: { type: string, format: password }
      x-flow-type: { name: Order }
      x-flow-query: { path: /orders, parameters: { limit: limit, offset: offset, where: { status: status } } }
      x-flow-load: { path: '/orders/{id}', parameters: { id: id } }
      x-flow-save: { path: /orders }
      x-flow-update: { path: '/orders/{id}', operation: patch, parameters: { id: id } }
      x-flow-delete: { path: '/orders/{id}', parameters: { id: externalId } }
`

const connector = await startWorkbench({ after })
const browser = await startBrowser({ after })
const api = await startApi({ after }, DOCUMENT)

const order = (id: string): object => ({ id, status: 'open', note: `note ${id}`, count: 1 })

/** The view Try of the document, with the key that only the tab knows. */
async function openTry(
  t: Parameters<typeof openPage>[0],
  item: string,
  look: Parameters<typeof openPage>[3] = {}
): Promise<Page> {
  const query = new URLSearchParams({ doc: api.documentUrl })
  const page = await openPage(t, browser, `${connector.url}/#/try/${item}?${query}`, look)
  await page.evaluate(
    async ([doc, key]) => {
      const main = document.querySelector('script[src$="main.js"]')?.getAttribute('src') ?? ''
      const address = new URL(main.replace('main.js', 'workbench.js'), document.baseURI).href
      const { configure, showView } = await import(address)
      const item = location.hash.slice('#/try/'.length).split('?')[0] ?? ''
      configure({ 'Schema URL': doc, 'API Key': key })
      showView('try', decodeURIComponent(item))
    },
    [api.documentUrl, SECRET]
  )
  await page.getByRole('combobox', { name: 'Type' }).waitFor()
  return page
}

/** The text of what happened, in one of its tabs. */
async function told(page: Page, tab: string): Promise<string> {
  const section = page.getByRole('region', { name: 'What happened' })
  await section.getByRole('tab', { name: tab }).click()
  return section.getByRole('tabpanel').innerText()
}

test('J14 the view Try queries with conditions, and shows each call, the filter, the pages and the time', async t => {
  const page = await openTry(t, 'query:Order')
  await page.getByRole('button', { name: 'Add a condition' }).click()
  const first = page.getByRole('group', { name: 'Condition 1' })
  await first.getByLabel('Property').selectOption('status')
  await first.getByRole('textbox', { name: 'Value' }).fill('open')
  await page.getByRole('button', { name: 'Add a condition' }).click()
  const second = page.getByRole('group', { name: 'Condition 2' })
  await second.getByLabel('Property').selectOption('note')
  await second.getByLabel('Criterion').selectOption('CONTAINS')
  await second.getByRole('textbox', { name: 'Value' }).fill('note')
  await page.getByLabel('Limit').fill('2')
  api.takeCalls()
  api.answer({ json: ['a', 'b', 'c'].map(order) })
  await page.getByLabel('Limit').press('Enter')
  await page.getByRole('button', { name: 'note of a: note a. Change' }).waitFor()

  const calls = await told(page, 'Calls')
  assert.match(calls, /status=open/)
  assert.match(calls, /x-key: \*\*\*/)
  const filter = await told(page, 'Filter')
  assert.match(filter, /status EQUAL "open"\s+the API\s+status=open/)
  assert.match(filter, /note CONTAINS "note"\s+the connector/)
  assert.match(await told(page, 'Pages'), /offset in parameter "offset"/)
  assert.match(await told(page, 'Time'), /Open the document[\s\S]*Make flow objects/)
  const platform = await told(page, 'Platform request')
  assert.match(platform, /curl -X POST 'http:[^']*\/data'/)
  assert.ok(!(await page.content()).includes(SECRET))
  assert.ok(!page.url().includes(SECRET))
  assert.deepEqual(await accessibilityFaults(page), [])

  api.answer({ json: ['a', 'b', 'c'].map(order) }, { json: [] })
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('button', { name: 'note of c: note c. Change' }).waitFor()
  await page.getByText('3 to 3').waitFor()
})

test('J14 a value of the table is changed by an update, and an object deleted, by keys alone', async t => {
  const page = await openTry(t, 'query:Order')
  api.answer({ json: [order('a'), order('b')] })
  await page.getByRole('button', { name: 'Query Order' }).press('Enter')
  await page.getByRole('button', { name: 'note of a: note a. Change' }).press('Enter')
  api.takeCalls()
  api.answer({ json: { ...order('a'), note: 'changed' } })
  const input = page.getByRole('textbox', { name: 'note of a.' })
  assert.ok(await input.evaluate(element => element === document.activeElement))
  await input.fill('changed')
  await input.press('Enter')
  await page.getByRole('button', { name: 'note of a: changed. Change' }).waitFor()
  assert.match(api.takeCalls().join(), /^PATCH \/orders\/a .*"note":"changed"/)
  await page.getByText('Saved.').waitFor()

  await page.getByRole('button', { name: 'Delete b', exact: true }).press('Enter')
  api.answer({ status: 204 })
  await page.getByRole('button', { name: 'Really delete b' }).press('Enter')
  await page.getByText('Deleted.').waitFor()
  assert.deepEqual(api.takeCalls(), ['DELETE /orders/b'])
  assert.equal(await page.getByRole('button', { name: 'note of b' }).count(), 0)

  await page.getByText('Columns', { exact: false }).first().click()
  await page.getByRole('checkbox', { name: 'count' }).uncheck()
  assert.equal(await page.getByRole('columnheader', { name: 'count' }).count(), 0)
})

test('J14 pressing twice deletes nothing, and the focus stays in the table', async t => {
  const page = await openTry(t, 'query:Order')
  api.answer({ json: [order('a'), order('b')] })
  await page.getByRole('button', { name: 'Query Order' }).press('Enter')
  const ask = page.getByRole('button', { name: 'Delete a', exact: true })
  await ask.waitFor()
  api.takeCalls()
  await ask.dblclick()
  await ask.focus()
  for (let at = 0; at < 4; at++) await page.keyboard.down('Enter')
  await page.keyboard.up('Enter')
  await ask.waitFor()
  assert.deepEqual(api.takeCalls(), [])
  await ask.press('Enter')
  assert.deepEqual(await accessibilityFaults(page), [])
  await page.keyboard.press('Tab')
  api.answer({ status: 204 })
  await page.keyboard.press('Enter')
  await page.getByText('Deleted.').waitFor()
  assert.deepEqual(api.takeCalls(), ['DELETE /orders/a'])
  const table = page.getByRole('region', { name: 'Objects of Order' })
  assert.ok(await table.evaluate(element => element === document.activeElement))

  const cell = page.getByRole('button', { name: 'note of b: note b. Change' })
  await cell.press('Enter')
  await page.keyboard.press('Escape')
  assert.ok(await cell.evaluate(element => element === document.activeElement))
})

test('J14 while a write runs no other begins, and one that failed is tried again as it was', async t => {
  const page = await openTry(t, 'query:Order')
  api.answer({ json: [order('a'), order('b')] })
  await page.getByRole('button', { name: 'Query Order' }).click()
  await page.getByRole('button', { name: 'Delete b', exact: true }).waitFor()
  api.takeCalls()
  const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>()
  api.answer((_, response) => resolve(response))
  await page.getByRole('button', { name: 'Delete a', exact: true }).click()
  await page.getByRole('button', { name: 'Really delete a' }).click()
  const response = await asked
  const busy = page.getByRole('button', { name: 'Delete b', exact: true, disabled: true })
  await busy.click({ force: true })
  await page.getByRole('button', { name: 'note of b: note b. Change' }).click({ force: true })
  assert.equal(await page.getByRole('button', { name: 'Really delete b' }).count(), 0)
  assert.equal(await page.getByRole('textbox', { name: 'note of b.' }).count(), 0)
  response.writeHead(204).end()
  await page.getByText('Deleted.').waitFor()
  assert.deepEqual(api.takeCalls(), ['DELETE /orders/a'])

  await page.route(
    /\/try$/,
    route => route.fulfill({ status: 503, json: { message: 'not now' } }),
    {
      times: 1
    }
  )
  await page.getByRole('button', { name: 'Delete b', exact: true }).click()
  await page.getByRole('button', { name: 'Really delete b' }).click()
  await page.getByRole('alert').getByText('not now').waitFor()
  api.answer({ status: 204 })
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('Deleted.').waitFor()
  assert.deepEqual(api.takeCalls(), ['DELETE /orders/b'])
})

test('J14 pages are those of the list that is shown, whatever the form has become', async t => {
  const page = await openTry(t, 'query:Order')
  const ids = (text: string): object[] => [...text].map(order)
  const name = (id: string) => page.getByRole('button', { name: id, exact: true })
  await page.getByLabel('Limit').fill('2')
  api.answer({ json: ids('abc') })
  await page.getByRole('button', { name: 'Query Order' }).click()
  await name('a').waitFor()
  await page.getByLabel('Limit').fill('')
  await page.getByLabel('Search').fill('of another list')
  api.takeCalls()
  api.answer({ json: ids('cde') })
  await page.getByRole('button', { name: 'Next' }).dblclick()
  await page.getByText('3 to 4').waitFor()
  await name('d').waitFor()
  api.answer({ json: ids('abc') })
  await page.getByRole('button', { name: 'Previous' }).click()
  await page.getByText('1 to 2').waitFor()
  await name('a').waitFor()
  const calls = api.takeCalls()
  assert.equal(calls.length, 2, calls.join('\n'))
  assert.match(calls.join('\n'), /^GET \/orders\?.*offset=2.*\nGET \/orders\?/)
})

test('J14 who answers stays the same for another type', async t => {
  const page = await openPage(t, browser, `${connector.url}/#/try?doc=sample%3Ahelpdesk`)
  await page.getByRole('radio', { name: 'Examples' }).check()
  const type = page.getByRole('combobox', { name: 'Type' })
  await type.fill('Customer')
  await type.press('Enter')
  await page.getByRole('button', { name: / Customer$/ }).waitFor()
  assert.ok(await page.getByRole('radio', { name: 'Examples' }).isChecked())
})

test('J13 the view Try saves an object made of sample values', async t => {
  const page = await openTry(t, 'save:Order', { width: 360, height: 740, colorScheme: 'dark' })
  const samples = page.getByRole('button', { name: 'Use sample values' })
  const refusal = { status: 503, json: { message: 'not now' } }
  await page.route(/\/try$/, route => route.fulfill(refusal), { times: 1 })
  await samples.click()
  await page.getByRole('alert').getByText('not now').waitFor()
  await page.getByLabel('status').fill('typed')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.waitForFunction(() =>
    [...document.querySelectorAll('input')].some(({ value }) => value === 'from the example')
  )
  api.takeCalls()
  api.answer({ status: 201, json: { ...order('new'), note: 'from the example' } })
  await page.getByRole('button', { name: 'Save Order' }).click()
  await page.getByText('Saved.').waitFor()
  const [call = ''] = api.takeCalls()
  assert.match(call, /^POST \/orders /)
  assert.deepEqual(JSON.parse(call.slice('POST /orders '.length)), {
    status: 'typed',
    note: 'from the example',
    count: 7
  })
  assert.ok(Number(await page.evaluate('document.documentElement.scrollWidth')) <= 360)
  assert.deepEqual(await accessibilityFaults(page), [])
})

test('J13 the id of a load is the sample of its parameter', async t => {
  const page = await openTry(t, 'load:Order')
  await page.getByRole('button', { name: 'Use sample values' }).click()
  await page.waitForFunction(() =>
    [...document.querySelectorAll('input')].some(({ value }) => value === 'a-real-one')
  )
  api.takeCalls()
  api.answer({ json: order('a-real-one') })
  await page.getByRole('button', { name: 'Load Order' }).click()
  await page.getByRole('button', { name: 'note of a-real-one: note a-real-one. Change' }).waitFor()
  assert.deepEqual(api.takeCalls(), ['GET /orders/a-real-one'])
})

test('J14 the view Try answers from examples, and tells why a call failed', async t => {
  const page = await openTry(t, 'query:Order')
  api.takeCalls()
  await page.getByRole('radio', { name: 'Examples' }).check()
  await page.getByRole('button', { name: 'Query Order' }).click()
  await page.getByRole('button', { name: 'sample-1', exact: true }).waitFor()
  const calls = page.getByRole('region', { name: 'What happened' }).getByRole('listitem')
  await calls.locator('summary').getByText('example', { exact: true }).waitFor()
  assert.deepEqual(api.takeCalls(), [])

  // What the document has given is not written to the API.
  await page.getByRole('radio', { name: 'Live API' }).check()
  assert.equal(await page.getByRole('button', { name: 'sample-1', exact: true }).count(), 0)
  await page.getByText('Nothing has been tried yet').waitFor()
  api.answer({ status: 403, json: { message: 'orders are closed' } })
  await page.getByRole('button', { name: 'Query Order' }).click()
  await page.getByRole('alert').getByText('orders are closed').waitFor()
  await calls.locator('summary').getByText('403', { exact: true }).waitFor()
  assert.deepEqual(await accessibilityFaults(page), [])
})

test('J01 J14 a link to the view Try shows the same filter, and no password', async t => {
  const page = await openTry(t, 'query:Order')
  const length = await page.evaluate(() => history.length)
  for (const [at, property, value] of [
    [1, 'status', 'open EQUAL & shut?'],
    [2, 'pin', 'not-for-others']
  ] as const) {
    await page.getByRole('button', { name: 'Add a condition' }).click()
    const condition = page.getByRole('group', { name: `Condition ${at}` })
    await condition.getByLabel('Property').selectOption(property)
    await condition.getByRole('textbox', { name: 'Value' }).fill(value)
  }
  await page.getByRole('button', { name: 'and', exact: true }).click()
  await page.getByLabel('Search').fill('blue')
  await page.getByLabel('Order by').selectOption('note')
  await page.getByLabel('Direction').selectOption('DESC')
  await page.getByRole('radio', { name: 'Examples' }).check()
  await page.getByLabel('Limit').fill('7')
  await page.waitForURL(/&limit=7&answered-by=example$/)
  assert.match(page.url(), /&where=status\+EQUAL\+open\+EQUAL\+/)
  assert.ok(!page.url().includes('not-for-others') && !page.url().includes(SECRET))
  assert.equal(await page.evaluate(() => history.length), length)
  assert.equal(
    await page.getByRole('textbox', { name: 'Value' }).nth(1).inputValue(),
    'not-for-others'
  )

  const other = await openPage(t, browser, page.url())
  const values = other.getByRole('textbox', { name: 'Value' })
  await values.nth(1).waitFor()
  assert.equal(await values.nth(0).inputValue(), 'open EQUAL & shut?')
  assert.equal(await values.nth(1).inputValue(), '')
  assert.equal(await other.getByLabel('Property').nth(1).inputValue(), 'pin')
  assert.equal(await other.getByRole('button', { name: 'or', exact: true }).count(), 1)
  assert.equal(await other.getByLabel('Search').inputValue(), 'blue')
  assert.equal(await other.getByLabel('Order by').inputValue(), 'note')
  assert.equal(await other.getByLabel('Direction').inputValue(), 'DESC')
  assert.equal(await other.getByLabel('Limit').inputValue(), '7')
  assert.ok(await other.getByRole('radio', { name: 'Examples' }).isChecked())

  await other.getByRole('link', { name: 'Load' }).click()
  await other.getByLabel('External id').fill('a/1')
  await other.waitForURL(/try\/load%3AOrder\?.*&id=a%2F1&answered-by=example$/)
  await other.goBack()
  await values.nth(1).waitFor()
  await other.goForward()
  await other.getByLabel('External id').waitFor()
  assert.equal(await other.getByLabel('External id').inputValue(), 'a/1')
})

test('J14 objects inside an object are opened in the table, level by level, by keys alone', async t => {
  const query = 'doc=sample%3Anested-types&answered-by=example'
  const look = { width: 360, height: 740 }
  const page = await openPage(t, browser, `${connector.url}/#/try/query:Order?${query}`, look)
  await page.getByRole('button', { name: 'Query Order' }).press('Enter')
  const lines = page.getByRole('button', { name: /^lines of .*: 1 object$/ })
  await lines.press('Enter')
  assert.equal(await lines.getAttribute('aria-expanded'), 'true')
  await page.getByRole('cell', { name: 'A-1', exact: true }).waitFor()

  await page.getByRole('button', { name: /^buyer of/ }).press('Enter')
  await page.getByRole('cell', { name: 'Ann', exact: true }).waitFor()
  assert.equal(await page.getByRole('cell', { name: 'A-1', exact: true }).count(), 0)
  await page.getByRole('button', { name: /^address of buyer of/ }).press('Space')
  await page.getByRole('cell', { name: 'Oslo', exact: true }).waitFor()
  await page.getByRole('button', { name: /^position of address of buyer of/ }).press('Enter')
  await page.getByRole('cell', { name: '59.9', exact: true }).waitFor()
  assert.ok(Number(await page.evaluate('document.documentElement.scrollWidth')) <= 360)
  assert.deepEqual(await accessibilityFaults(page), [])

  await page.getByRole('button', { name: /^buyer of/ }).press('Enter')
  await page.getByRole('cell', { name: 'Oslo', exact: true }).waitFor({ state: 'detached' })
})

test('J14 Enter in the list of types leaves a type that is not among the first', async t => {
  const ofEach = (write: (name: string) => string): string =>
    Array.from({ length: 60 }, (_, at) => write(`T${at + 100}`)).join('\n')
  const { documentUrl } = await startApi(
    t,
    `openapi: 3.0.3
info: { title: Many, version: '1' }
paths:
${ofEach(name => `  /${name}: { get: { responses: { '200': { description: ok, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/${name}' } } } } } } } }`)}
components:
  schemas:
${ofEach(name => `    ${name}: { x-flow-type: { name: ${name} }, x-flow-query: { path: /${name} }, type: object, properties: { id: { type: string } } }`)}
`
  )
  const doc = encodeURIComponent(documentUrl)
  const page = await openPage(t, browser, `${connector.url}/#/try/query:T159?doc=${doc}`)
  const type = page.getByRole('combobox', { name: 'Type' })
  await type.focus()
  await page.getByRole('option').first().waitFor()
  await type.press('Enter')
  await page.getByRole('listbox', { name: 'Type' }).waitFor({ state: 'hidden' })
  assert.equal(await type.inputValue(), 'T159')
  assert.equal(await page.getByRole('button', { name: 'Query T159' }).count(), 1)
})

test('J14 a value of an object inside an object is changed by an update of the whole', async t => {
  const person = {
    type: 'object',
    properties: { name: { type: 'string' }, zip: { type: 'integer' } }
  }
  const schema = JSON.stringify({
    type: 'object',
    properties: {
      id: { type: 'string' },
      home: { type: 'object', properties: { city: { type: 'string' }, owner: person } },
      guests: { type: 'array', items: person }
    },
    'x-flow-type': { name: 'House' },
    'x-flow-query': { path: '/houses' },
    'x-flow-update': { path: '/houses/{id}', operation: 'put', parameters: { id: 'id' } }
  })
  const body = `content: { application/json: { schema: { $ref: '#/components/schemas/House' } } }`
  const houses = await startApi(
    t,
    `openapi: 3.0.3
info: { title: Houses, version: '1' }
servers: [{ url: / }]
x-flow: { inference: off }
paths:
  /houses:
    get: { responses: { '200': { description: Some, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/House' } } } } } } }
  /houses/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    put: { requestBody: { ${body} }, responses: { '200': { description: One, ${body} } } }
components: { schemas: { House: ${schema} } }
`
  )
  const house = {
    id: 'h',
    home: { city: 'Oslo', owner: { name: 'Ann', zip: 1 } },
    guests: [
      { name: 'Bo', zip: 2 },
      { name: 'Cy', zip: 3 }
    ]
  }
  const doc = encodeURIComponent(houses.documentUrl)
  const page = await openPage(t, browser, `${connector.url}/#/try/query:House?doc=${doc}`)
  houses.answer({ json: [house] })
  await page.getByRole('button', { name: 'Query House' }).click()
  for (const { open, field, value, changed } of [
    {
      open: [/^home of h/, /^owner of home of h/],
      field: 'name of owner of home of h, 1, 1',
      value: 'Dan',
      changed: { ...house, home: { city: 'Oslo', owner: { name: 'Dan', zip: 1 } } }
    },
    {
      open: [/^guests of h/],
      field: 'zip of guests of h, 2',
      value: '4',
      changed: {
        ...house,
        guests: [
          { name: 'Bo', zip: 2 },
          { name: 'Cy', zip: 4 }
        ]
      }
    }
  ]) {
    for (const name of open) await page.getByRole('button', { name }).press('Enter')
    await page.getByRole('button', { name: `${field}: ` }).press('Enter')
    assert.deepEqual(await accessibilityFaults(page), [])
    houses.takeCalls()
    houses.answer({ json: changed })
    const input = page.getByRole('textbox', { name: `${field}.` })
    await input.fill(value)
    await input.press('Enter')
    await page.getByRole('button', { name: `${field}: ${value}. Change` }).waitFor()
    const [call = ''] = houses.takeCalls()
    const [, method, sent = ''] = /^(PUT \/houses\/h) (.*)$/.exec(call) ?? []
    assert.equal(method, 'PUT /houses/h', call)
    const { home, guests } = JSON.parse(sent)
    assert.ok(
      JSON.stringify([home, guests]).includes(JSON.stringify(value).replace('"4"', '4')),
      sent
    )
    houses.answer({ json: [house] })
    await page.getByRole('button', { name: 'Query House' }).click()
    await page.getByText('Saved.').waitFor({ state: 'detached' })
  }
})
