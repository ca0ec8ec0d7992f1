import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, test } from 'node:test'

import type { RequestListener } from 'node:http'

import type { Page } from 'playwright-core'

import { accessibilityFaults } from '../support/accessibility.ts'
import type { Lifetime } from '../support/lifetime.ts'
import { newPage, openPage, startBrowser } from '../support/start-browser.ts'
import { startConnector } from '../support/start-connector.ts'
import { startFiles } from '../support/start-files.ts'
import { closedPort, startUpstream } from '../support/start-upstream.ts'
import { startWorkbench } from '../support/start-workbench.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Notes, version: '1' }
security: [{ key: [] }]
paths:
  /notes:
    get: { responses: { '200': { description: Some, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Note' } } } } } } }
  /notes/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get: { responses: { '200': { description: One, content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } } } }
components:
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }
  schemas:
    Note:
      type: object
      properties: { id: { type: string }, text: { type: string } }
      x-flow-type: { name: Note }
      x-flow-query: { path: /notes }
      x-flow-load: { path: '/notes/{id}', parameters: { id: id } }
`

const SECRET = 'planted-secret-value'

const connector = await startWorkbench({ after })
const browser = await startBrowser({ after })
const files = await startFiles(
  { after },
  {
    '/notes.yaml': DOCUMENT,
    '/page.html': '<!doctype html><title>Sign in</title>',
    '/broken.yaml': 'openapi: 3.0.3\npaths: {\n',
    '/other.yaml': 'name: a file of another kind\n',
    '/old.yaml': 'swagger: "1.2"\napis: []\n',
    '/guarded.yaml': ({ headers }, response) => {
      if (headers.authorization === `Bearer ${SECRET}`) response.writeHead(200).end(DOCUMENT)
      else response.writeHead(401).end()
    }
  }
)

/** The address of a view of a document. */
function addressOf(view: string, doc: string, base = connector.url): string {
  return `${base}/#/${view}?doc=${encodeURIComponent(doc)}`
}

/** What a failure says: its message with the code, its remedy and the request. */
async function toldBy(page: Page): Promise<string> {
  const alert = page.getByRole('main').getByRole('alert')
  await alert.waitFor()
  const [message = '', remedy = ''] = await alert.getByRole('paragraph').allInnerTexts()
  assert.match(message, /\[[A-Z_]+\]$/)
  assert.ok(remedy.length > 10, `no remedy: ${message}`)
  assert.match(await alert.innerText(), /Request \S+/)
  return `${message}\n${remedy}`
}

/** Opens what is configured in the view Start with a secret. */
async function configure(page: Page, name: string): Promise<void> {
  const field = page.getByLabel(name, { exact: true })
  if (!(await field.isVisible())) await page.getByText('Configuration').first().click()
  await field.fill(SECRET)
  await page.getByRole('button', { name: 'Apply' }).click()
}

/** Starts a way to the connector that is cut for some paths. */
function startRelay(t: Lifetime, isCut: (path: string) => boolean): Promise<string> {
  return startUpstream(t, (incoming, response) => {
    const { method, url: path = '', headers } = incoming
    if (isCut(path)) return void incoming.socket.destroy()
    const outgoing = request(connector.url + path, { method, headers }, answer => {
      response.writeHead(answer.statusCode ?? 0, answer.headers)
      answer.pipe(response)
    })
    // Either side may hang up.
    outgoing.on('error', () => incoming.socket.destroy())
    response.on('close', () => outgoing.destroy())
    incoming.pipe(outgoing)
  })
}

/** An API's answer, whose media type is always JSON. */
function answerWith(status: number, body: string): RequestListener {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  }
}

/** Where a secret would stay: what is drawn, the address and what the page has stored. */
async function keptBy(page: Page): Promise<string> {
  const stored = 'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])'
  const typed =
    "[...document.querySelectorAll('input:not([type=password])')].map(input => input.value)"
  const texts = [await page.content(), page.url(), await page.evaluate(stored)]
  return [...texts, await page.evaluate(typed)].join('\n')
}

test('J15 a document that cannot be read is told with its remedy, and another can be opened', async t => {
  const page = await openPage(t, browser, `${connector.url}/`)
  for (const [doc, code] of [
    [`http://${await closedPort()}/openapi.yaml`, 'DOCUMENT_UNREACHABLE'],
    [`${files.url}/none.yaml`, 'DOCUMENT_STATUS'],
    [`${files.url}/broken.yaml`, 'DOCUMENT_NOT_PARSED'],
    [`${files.url}/page.html`, 'DOCUMENT_NOT_'],
    [`${files.url}/other.yaml`, 'DOCUMENT_NOT_OPENAPI'],
    [`${files.url}/old.yaml`, 'DOCUMENT_'],
    ['http://10.1.2.3/openapi.yaml', 'EGRESS_DENIED'],
    ['kept:gone', 'KEPT_UNKNOWN'],
    ['my file.yaml', '']
  ] as const) {
    await page.getByLabel('Schema URL').fill(doc)
    await page.getByLabel('Schema URL').press('Enter')
    await page.getByLabel('Open document').getByText(doc).waitFor()
    assert.ok((await toldBy(page)).includes(`[${code}`), doc)
    await page.getByRole('button', { name: 'Try again' }).waitFor()
  }
  assert.deepEqual(await accessibilityFaults(page), [])
  await page.getByRole('button', { name: 'Petstore' }).click()
  await page.getByText('9 types and 7 mappings.').waitFor()
  assert.equal(await page.getByRole('alert').count(), 0)
})

test('J15 every view tells that its document cannot be read, and reads it when it is there', async t => {
  const page = await openPage(t, browser, addressOf('start', `${files.url}/late.yaml`))
  await toldBy(page)
  const views = page.getByRole('navigation', { name: 'Views' })
  for (const view of ['Types', 'Document', 'Try', 'Suggest', 'Catalog']) {
    await views.getByRole('link', { name: view, exact: true }).click()
    await page.getByRole('heading', { name: view, level: 1, exact: true }).waitFor()
    assert.match(await toldBy(page), /DOCUMENT_STATUS/)
    await page.getByRole('button', { name: 'Try again' }).waitFor()
  }
  files.put('/late.yaml', DOCUMENT)
  // A failure is shared for a second with all who ask.
  for (let status = 0; status !== 200; ) {
    const answer = page.waitForResponse(/\/preview$/)
    await page.getByRole('button', { name: 'Read the document again' }).click()
    status = (await answer).status()
  }
  await page.getByText('1 type', { exact: true }).waitFor()
  await page.getByText('/notes/{id}').first().waitFor()
})

test('J15 a document that wants a token is opened with Schema Token', async t => {
  const page = await openPage(t, browser, addressOf('start', `${files.url}/guarded.yaml`))
  assert.match(await toldBy(page), /401[\s\S]*Schema Token/)
  await configure(page, 'Schema Token')
  await page.getByText('1 type and 2 mappings.').waitFor()
  assert.ok(!(await keptBy(page)).includes(SECRET))
})

test('J15 a document that could not be read is opened again by the same address', async t => {
  const page = await openPage(t, browser, `${connector.url}/`)
  const refusal = { status: 503, json: { message: 'not now' } }
  await page.route(/\/preview$/, route => route.fulfill(refusal), { times: 1 })
  await page.getByRole('button', { name: 'Petstore' }).click()
  await page.getByRole('alert').getByText('not now').waitFor()
  await page.getByRole('button', { name: 'Petstore' }).click()
  await page.getByText('9 types and 7 mappings.').waitFor()
})

test('J15 what an API refuses is told, and the next call succeeds', async t => {
  const { page, faults } = await newPage(t, browser, connector.url)
  const written: string[] = []
  page.on('console', message => void written.push(message.text()))
  await page.goto(addressOf('start', `${files.url}/notes.yaml`))
  await page.getByText('1 type and 2 mappings.').waitFor()
  await configure(page, 'API Key')
  await page.getByRole('link', { name: 'Try a call' }).click()
  const query = page.getByRole('button', { name: 'Query Note' })
  for (const [name, answer, told] of [
    ['Status 401', answerWith(401, `{"message":"the key ${SECRET} is unknown"}`), '[API_ERROR]'],
    ['Status 404', answerWith(404, '{"message":"no such list"}'), 'no such list'],
    ['Status 500', answerWith(500, '{"message":"out of order"}'), 'out of order'],
    ['No JSON', answerWith(200, '<html>a page</html>'), 'JSON']
  ] as const) {
    files.put('/notes', answer)
    const tried = page.waitForResponse(/\/try$/)
    await query.click()
    await (await tried).finished()
    await page.getByRole('main').getByRole('alert').filter({ hasText: told }).waitFor()
    await toldBy(page)
    await page.getByRole('region', { name: 'What happened' }).waitFor()
    assert.ok(!(await keptBy(page)).includes(SECRET), name)
  }
  assert.deepEqual(await accessibilityFaults(page), [])
  files.put('/notes', answerWith(200, '[{"id":"a","text":"first"}]'))
  await query.click()
  await page.getByRole('cell', { name: 'first' }).waitFor()
  assert.equal(await page.getByRole('main').getByRole('alert').count(), 0)
  assert.ok(!written.join('\n').includes(SECRET))
  assert.deepEqual(faults, [])
})

test('J15 a diagram whose library does not come is told, and drawn when it does', async t => {
  let isGone = true
  const relay = await startRelay(t, path => isGone && path.endsWith('/dagre.js'))
  const { page } = await newPage(t, browser, relay)
  await page.goto(addressOf('types', 'sample:petstore', relay))
  await page.getByRole('option', { name: 'Pet load' }).click()
  const alert = page.getByRole('main').getByRole('alert')
  await alert.getByText('The diagram cannot be drawn.').waitFor()
  isGone = false
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('group', { name: /^Types related to Pet\./ }).waitFor()
})

test('J15 an API that does not answer in time is told', async t => {
  const hasty = await startConnector(t, {}, { FLOW_TIMEOUT_MS: '10000' })
  const doc = `${files.url}/notes.yaml`
  const page = await openPage(t, browser, addressOf('try/query:Note', doc, hasty.url))
  files.put('/notes', () => {})
  await page.getByRole('button', { name: 'Query Note' }).click()
  assert.match(await toldBy(page), /TIMEOUT/)
  files.put('/notes', answerWith(200, '[{"id":"a","text":"first"}]'))
  await page.getByRole('button', { name: 'Query Note' }).click()
  await page.getByRole('cell', { name: 'first' }).waitFor()
})

test('J15 a connector that is gone is told in every view, and used again when it is back', async t => {
  let isGone = false
  const relay = await startRelay(t, () => isGone)
  const { page, faults } = await newPage(t, browser, relay)
  await page.goto(addressOf('types', 'sample:petstore', relay))
  await page.getByRole('option', { name: 'Pet load' }).click()
  await page.getByRole('heading', { name: 'Mappings' }).waitFor()
  await page.getByRole('group', { name: /^Types related to Pet\./ }).waitFor()
  isGone = true
  await page.getByRole('button', { name: 'Read the document again' }).click()
  const gone = page.getByRole('alert').filter({ hasText: 'The connector does not answer.' })
  await gone.waitFor()
  await gone.getByText('See whether it runs').waitFor()
  // The module of a view that was not shown before.
  await page.getByRole('link', { name: 'Catalog', exact: true }).click()
  await page.getByText('This part of the page could not be loaded.').waitFor()
  isGone = false
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('link', { name: 'POST /pets' }).waitFor()
  assert.deepEqual(
    faults.filter(fault => !/^console: Failed to load resource: net::/.test(fault)),
    []
  )
})

for (const { name, environment, open } of [
  {
    name: 'a path token',
    environment: { CONNECTOR_TOKENS: SECRET },
    open: (url: string) => `${url}/k/${SECRET}/`
  },
  {
    name: 'a basic login',
    environment: { CONNECTOR_USERNAME: 'ann', CONNECTOR_PASSWORD: SECRET },
    open: (url: string) => `${url.replace('//', `//ann:${SECRET}@`)}/`
  }
]) {
  test(`J15 the page behind ${name} is refused without it, and works with it`, async t => {
    const guarded = await startConnector(t, {}, environment)
    const refused = await fetch(`${guarded.url}/`)
    assert.equal(refused.status, 401)
    assert.doesNotMatch(await refused.text(), /<script/)
    const page = await openPage(t, browser, open(guarded.url))
    await page.getByRole('button', { name: 'Petstore' }).click()
    await page.getByText('9 types and 7 mappings.').waitFor()
    await page.getByRole('link', { name: 'Catalog', exact: true }).click()
    await page.getByRole('link', { name: 'POST /pets' }).waitFor()
    await page.getByRole('link', { name: 'Try', exact: true }).click()
    await page.getByRole('radio', { name: 'Examples' }).check()
    await page.getByRole('button', { name: /^Query / }).click()
    await page.getByRole('tab', { name: 'Platform request' }).click()
    const command = page.getByRole('region', { name: "The platform's request as curl" })
    await command.getByText('curl -X POST').waitFor()
    assert.doesNotMatch(await page.innerText('main'), new RegExp(SECRET))
  })
}
