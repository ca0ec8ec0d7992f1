import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import type { Page } from 'playwright-core'

import { startApi } from '../support/start-api.ts'
import { openPage, startBrowser } from '../support/start-browser.ts'
import { found } from '../support/start-connector.ts'
import { startWorkbench } from '../support/start-workbench.ts'

/** The Petstore that comes with OpenAPI 3, abridged: no keys, a relative server, an API key. */
const PETSTORE = `
openapi: 3.0.4
info: { title: Swagger Petstore - OpenAPI 3.0, version: 1.0.27 }
servers: [{ url: /api/v3 }]
tags: [{ name: pet }, { name: store }, { name: user }]
security: [{ api_key: [] }]
paths:
  /pet:
    put:
      tags: [pet]
      operationId: updatePet
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } }
      responses: { '200': { $ref: '#/components/responses/Pet' } }
    post:
      tags: [pet]
      operationId: addPet
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } }
      responses: { '200': { $ref: '#/components/responses/Pet' } }
  /pet/findByStatus:
    get:
      tags: [pet]
      operationId: findPetsByStatus
      parameters:
        - { name: status, in: query, schema: { type: string, default: available, enum: [available, pending, sold] } }
      responses:
        '200':
          description: successful operation
          content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Pet' } } } }
  /pet/{petId}:
    parameters: [{ name: petId, in: path, required: true, schema: { type: integer, format: int64 } }]
    get: { tags: [pet], operationId: getPetById, responses: { '200': { $ref: '#/components/responses/Pet' } } }
    delete: { tags: [pet], operationId: deletePet, responses: { '200': { description: Pet deleted } } }
  /store/inventory:
    get:
      tags: [store]
      operationId: getInventory
      responses:
        '200':
          description: successful operation
          content: { application/json: { schema: { type: object, additionalProperties: { type: integer } } } }
  /store/order:
    post:
      tags: [store]
      operationId: placeOrder
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
      responses: { '200': { $ref: '#/components/responses/Order' } }
  /store/order/{orderId}:
    parameters: [{ name: orderId, in: path, required: true, schema: { type: integer, format: int64 } }]
    get: { tags: [store], operationId: getOrderById, responses: { '200': { $ref: '#/components/responses/Order' } } }
    delete: { tags: [store], operationId: deleteOrder, responses: { '200': { description: order deleted } } }
components:
  responses:
    Pet: { description: successful operation, content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } }
    Order: { description: successful operation, content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
  schemas:
    Order:
      type: object
      properties:
        id: { type: integer, format: int64, example: 10 }
        petId: { type: integer, format: int64, example: 198772 }
        quantity: { type: integer, format: int32, example: 7 }
        shipDate: { type: string, format: date-time }
        status: { type: string, enum: [placed, approved, delivered] }
        complete: { type: boolean }
    Category:
      type: object
      properties: { id: { type: integer, format: int64 }, name: { type: string, example: Dogs } }
    Tag:
      type: object
      properties: { id: { type: integer, format: int64 }, name: { type: string } }
    Pet:
      type: object
      required: [name, photoUrls]
      properties:
        id: { type: integer, format: int64, example: 10 }
        name: { type: string, example: doggie }
        category: { $ref: '#/components/schemas/Category' }
        photoUrls: { type: array, items: { type: string } }
        tags: { type: array, items: { $ref: '#/components/schemas/Tag' } }
        status: { type: string, enum: [available, pending, sold] }
  securitySchemes:
    api_key: { type: apiKey, name: api_key, in: header }
`

const SECRET = 'special-key'

const connector = await startWorkbench({ after })
const api = await startApi({ after }, PETSTORE)
const browser = await startBrowser({ after })

/** What someone copies from the view Install, by name. */
async function copyAll(page: Page): Promise<Record<string, string>> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const copied: Record<string, string> = {}
  for (const button of await page.getByRole('button', { name: /^Cop(?:y|ied) / }).all()) {
    const name = (await button.innerText()).replace(/^Copy\s*/, '')
    // That it says so lasts for seconds only, which a busy machine may miss.
    await page.evaluate("navigator.clipboard.writeText('')")
    await button.click()
    await page.waitForFunction("navigator.clipboard.readText().then(text => text !== '')")
    copied[name] = String(await page.evaluate('navigator.clipboard.readText()'))
  }
  return copied
}

test('J01 J03 J08 a plain Petstore becomes an installed connector by the page alone', async t => {
  const page = await openPage(t, browser, `${connector.url}/`)
  await page.getByLabel('Schema URL').fill(api.documentUrl)
  await page.getByText('Configuration').first().click()
  await page.getByLabel('API Key').fill(SECRET)
  await page.getByRole('button', { name: 'Apply' }).click()
  await page.getByRole('link', { name: 'Correct what is inferred' }).click()
  await page.getByRole('checkbox', { name: 'Accept delete of Order' }).uncheck()
  await page.getByRole('button', { name: 'Use it' }).click()
  await page.getByText('The document is read with this overlay').waitFor()
  await page.getByRole('link', { name: 'Install', exact: true }).click()
  await page.getByRole('heading', { name: 'Install the types' }).waitFor()

  const { 'Connector URL': url, ...configuration } = await copyAll(page)
  assert.equal(url, connector.url)
  assert.deepEqual(Object.keys(configuration).sort(), ['API Key', 'Overlay URL', 'Schema URL'])
  const installed = connector.as({ configuration })
  const { typeElements } = (await installed.install()).install
  const types = typeElements.map(({ developerName }) => developerName)
  assert.ok(types.includes('Pet') && types.includes('Order'), types.join())
  const { mappings } = await installed.preview()
  const ofOrder = mappings.filter(({ type }) => type === 'Order').map(({ verb }) => verb)
  assert.deepEqual(ofOrder.sort(), ['load', 'save'])

  api.answer({ json: { id: 10, name: 'doggie', photoUrls: [], status: 'sold' } })
  const [pet] = found(await installed.load('Pet', { id: '10' }))
  assert.deepEqual([pet?.externalId, pet?.name, pet?.status], ['10', 'doggie', 'sold'])
  assert.deepEqual(api.takeCalls(), ['GET /api/v3/pet/10'])
  assert.equal(api.calls.at(-1)?.headers.api_key, SECRET)
})
