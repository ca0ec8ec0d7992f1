import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import { accessibilityFaults } from '../support/accessibility.ts'
import { openPage, startBrowser } from '../support/start-browser.ts'
import { startWorkbench } from '../support/start-workbench.ts'
import { startFiles } from '../support/start-files.ts'

const { url } = await startWorkbench({ after })
const browser = await startBrowser({ after })

test('J01 the view Catalog shows endpoints with schemas, credentials and the types that use them', async t => {
  const page = await openPage(t, browser, `${url}/#/catalog?doc=sample:petstore`)
  await page.getByRole('heading', { name: 'Petstore 1.0.0' }).waitFor()
  await page.getByRole('button', { name: 'pets 5' }).click()
  await page.getByText('5 of 6 endpoints').waitFor()
  assert.deepEqual(await accessibilityFaults(page), [])
  await page.getByRole('link', { name: 'POST /pets' }).press('Enter')
  await page.getByRole('heading', { name: 'POST /pets' }).waitFor()
  const detail = page.getByRole('region', { name: 'Details' })
  assert.match(
    await detail.innerText(),
    /save of Pet annotated\n[\s\S]*api_key \(apiKey, header api_key\)/
  )
  const body = page.getByRole('region', { name: 'Request body' })
  await body.getByRole('button', { name: 'Fields of category' }).press('Enter')
  await body.getByText('A kind of animal').waitFor()
  assert.equal(await body.getByRole('row').count(), 10)
  assert.deepEqual(await accessibilityFaults(page), [])
})

test('the address of the view Catalog names the endpoint, also on a phone in the dark', async t => {
  const hash = `#/catalog/${encodeURIComponent('/paths/~1pets/get')}?doc=sample%3Apetstore`
  const page = await openPage(t, browser, `${url}/${hash}`, { width: 360, colorScheme: 'dark' })
  await page.getByRole('heading', { name: 'GET /pets' }).waitFor()
  await page.getByText('by offset, with offset and limit').waitFor()
  assert.ok(Number(await page.evaluate('document.documentElement.scrollWidth')) <= 360)
  assert.deepEqual(await accessibilityFaults(page), [])
  await page.getByRole('link', { name: 'All endpoints' }).click()
  await page.getByRole('link', { name: 'GET /toys' }).waitFor()
})

test('the view Catalog lists thousands of endpoints a part at a time, and finds one of them', async t => {
  const paths = Array.from(
    { length: 3_000 },
    (_, index) =>
      `  /things/${index}: { get: { deprecated: ${index === 2_999}, tags: [t${index % 7}], responses: {} } }`
  )
  const text = `openapi: 3.0.3\ninfo: { title: Many, version: '1' }\npaths:\n${paths.join('\n')}\n`
  const files = await startFiles(t, { '/many.yaml': text })
  const doc = encodeURIComponent(`${files.url}/many.yaml`)
  const page = await openPage(t, browser, `${url}/#/catalog?doc=${doc}`)
  const links = page.getByRole('navigation', { name: 'Endpoints' }).getByRole('link')
  await links.nth(149).waitFor()
  assert.equal(await links.count(), 150)
  await page.getByLabel('Search endpoints').fill('GET 2999')
  await page.getByText('1 of 3,000 endpoints').waitFor()
  await links.first().click()
  await page.getByText('None uses this endpoint.').waitFor()
  await page.getByText('deprecated', { exact: true }).waitFor()
})

const NONE = `openapi: 3.0.3\ninfo: { title: None, version: '1' }\npaths: {}\n`

test('the view Catalog says that an API has no endpoints, and why a document has no catalog', async t => {
  const files = await startFiles(t, { '/none.yaml': NONE })
  const doc = encodeURIComponent(`${files.url}/none.yaml`)
  const page = await openPage(t, browser, `${url}/#/catalog?doc=${doc}`)
  await page.getByRole('heading', { name: 'The API has no endpoints' }).waitFor()
  const gone = await openPage(t, browser, `${url}/#/catalog?doc=${doc}.gone`)
  await gone.getByRole('alert').getByText('answered 404').waitFor()
})

test('unfolding a field of a long list leaves the rows that are shown', async t => {
  const fields = Array.from({ length: 90 }, (_, at) =>
    at === 80
      ? 'f80: { type: object, properties: { inner: { type: string } } }'
      : `f${at}: { type: string }`
  )
  const files = await startFiles(t, {
    '/long.yaml': `openapi: 3.0.3
info: { title: Long, version: '1' }
paths:
  /long:
    get: { responses: { '200': { description: ok, content: { application/json: { schema: { type: object, properties: { ${fields.join(', ')} } } } } } } }
`
  })
  const query = `doc=${encodeURIComponent(`${files.url}/long.yaml`)}`
  const page = await openPage(t, browser, `${url}/#/catalog?${query}`)
  await page.getByRole('link', { name: 'GET /long' }).click()
  await page.getByRole('button', { name: 'Show 30 more of 30' }).click()
  await page.getByRole('button', { name: 'Fields of f80' }).click()
  await page.getByRole('cell', { name: 'inner' }).waitFor()
  await page.getByRole('cell', { name: 'f89' }).waitFor()
})
