import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, test } from 'node:test'

import { accessibilityFaults } from '../support/accessibility.ts'
import { GUARD_MS, openPage, startBrowser } from '../support/start-browser.ts'
import { startWorkbench } from '../support/start-workbench.ts'

const { url } = await startWorkbench({ after })
const browser = await startBrowser({ after })
const hash = `#/suggest?doc=${encodeURIComponent('sample:no-markup')}`

test('J08 J09 suggestions are accepted, changed and dropped, and the overlay follows', async t => {
  const page = await openPage(t, browser, `${url}/${hash}`)
  const text = page.getByRole('region', { name: 'Text of the overlay' })
  await text.getByText('x-flow-delete').waitFor()
  assert.match(await text.innerText(), /# delete: DELETE \/customers\/\{customerId\}/)
  assert.deepEqual(await accessibilityFaults(page), [])

  await page.getByRole('checkbox', { name: 'Accept delete of Customer' }).press('Space')
  await page.getByRole('button', { name: 'Change : query of Customer' }).press('Enter')
  const value = '{ path: /customers, records: data }'
  await page.getByRole('textbox', { name: 'x-flow-query of Customer' }).fill(value)
  await page.getByRole('checkbox', { name: 'Order', exact: true }).press('Space')
  await text.getByText(`x-flow-query: ${value}`).waitFor()
  const overlay = await text.innerText()
  assert.doesNotMatch(overlay, /delete/)
  assert.doesNotMatch(overlay, /components\.schemas\.Order/)
  assert.match(overlay, /x-flow-type: \{ name: Customer, id: id \}/)

  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download' }).click()
  const download = await downloading
  assert.equal(download.suggestedFilename(), 'overlay.yaml')
  assert.equal((await readFile(await download.path(), 'utf8')).trim(), overlay.trim())

  await page.getByRole('button', { name: 'Use it' }).click()
  await page.getByText('The document is read with this overlay').waitFor()
  assert.match(page.url(), /overlay=kept/)
  await page.getByText('4 mappings', { exact: true }).first().waitFor()
  // What is in use can still be changed here.
  await page.getByRole('checkbox', { name: 'Accept load of Customer' }).press('Space')
  await page.getByRole('button', { name: 'Use it' }).click()
  await page.getByText('3 mappings', { exact: true }).first().waitFor()
  assert.deepEqual(await accessibilityFaults(page), [])
})

test('J11 the mappings of a tag are dropped and accepted at once', async t => {
  const page = await openPage(t, browser, `${url}/${hash}`)
  const text = page.getByRole('region', { name: 'Text of the overlay' })
  const tags = page.getByRole('group', { name: 'Tags' })
  const orders = tags.getByRole('checkbox', { name: 'orders' })
  const all = await text.innerText()
  await orders.press('Space')
  await text.filter({ hasNotText: 'components.schemas.Order' }).waitFor()
  assert.match(await text.innerText(), /components\.schemas\.Customer/)
  assert.equal(await page.getByRole('checkbox', { name: 'Order', exact: true }).isChecked(), false)
  await orders.press('Space')
  await text.getByText('components.schemas.Order').waitFor()
  assert.equal(await text.innerText(), all)
  // One of several mappings is dropped.
  await page.getByRole('checkbox', { name: 'Accept delete of Customer' }).press('Space')
  const customers = tags.getByRole('checkbox', { name: 'customers' })
  const isPartly = () => customers.evaluate(box => (box as HTMLInputElement).indeterminate)
  await t.waitFor(async () => assert.ok(await isPartly()), { timeout: GUARD_MS })
  assert.deepEqual(await accessibilityFaults(page), [])
})

test('J11 suggestions are chosen by tag', async t => {
  const look = { width: 360, height: 740, colorScheme: 'dark' } as const
  const page = await openPage(t, browser, `${url}/${hash}`, look)
  await page.getByRole('heading', { name: 'Order' }).waitFor()
  const dropped = page.getByRole('checkbox', { name: 'Accept delete of Customer' })
  await dropped.uncheck()
  await page.getByLabel('Exclude').fill('tag:orders')
  await page.getByLabel('Exclude').press('Enter')
  await page.getByRole('heading', { name: 'Order' }).waitFor({ state: 'detached' })
  await page.getByRole('heading', { name: 'Customer' }).waitFor()
  assert.equal(await page.getByRole('heading', { name: 'Order' }).count(), 0)
  // What was decided is kept.
  assert.equal(await dropped.isChecked(), false)
  assert.ok(Number(await page.evaluate('document.documentElement.scrollWidth')) <= 360)
  assert.deepEqual(await accessibilityFaults(page), [])
})

test('a document that has all it could have is told so', async t => {
  const hash = `#/suggest?doc=${encodeURIComponent('sample:petstore')}`
  const page = await openPage(t, browser, `${url}/${hash}`)
  await page.getByRole('heading', { name: 'There is nothing to suggest' }).waitFor()
  assert.deepEqual(await accessibilityFaults(page), [])
})
