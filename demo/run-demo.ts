import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

import type { FastifyInstance } from 'fastify'

import { allowUrls } from '../service/cli/document/allow-urls.ts'
import { startService } from '../service/cli/serve/serve.ts'
import { readSettings } from '../service/read-settings.ts'
import type { HelpdeskCall } from './helpdesk-api.ts'
import { createHelpdeskApi } from './helpdesk-api.ts'
import type { ConnectorAnswer, PlatformObject } from './flow-platform.ts'
import { createFlowPlatform, objectLine } from './flow-platform.ts'

const API_KEY = 'demo-key'

/** Port of the help desk when it stays; the connector's is `PORT`. Taken ones give way to free ones. */
const API_PORT = 8090

const stays = !process.argv.includes('--once')
const calls: HelpdeskCall[] = []
const tell = (line: string): void => console.log(line)

const api = createHelpdeskApi({
  apiKey: API_KEY,
  onCall: call => {
    calls.push(call)
  }
})
const apiUrl = await listen(api, stays ? API_PORT : 0)
const connector = await startConnector()

const platform = createFlowPlatform({
  connectorUrl: connector.url,
  configuration: { 'Schema URL': `${apiUrl}/openapi.yaml`, 'API Key': API_KEY },
  takeApiCalls: () => calls.splice(0),
  tell
})

tell(`The help desk, a real API over SQLite, is at ${apiUrl} (document: ${apiUrl}/openapi.yaml)`)
tell(`The connector is at ${connector.url}`)
tell('Now the flow platform uses it.')

await tellStory()

if (stays) {
  tell('')
  tell(
    'Both go on running; Ctrl+C ends them. To go on in a browser, open the workbench and give the API key:'
  )
  tell(`  workbench   ${workbenchUrl()}   API key ${API_KEY}`)
  tell('To go on by hand:')
  tell(`  help desk   ${apiUrl}   API key ${API_KEY}`)
  tell(`  connector   ${connector.url}   Schema URL ${apiUrl}/openapi.yaml`)
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
}
await connector.stop()
await api.close()

/** The page of the connector with the document of the help desk. */
function workbenchUrl(): string {
  return `${connector.url}/#/start?doc=${encodeURIComponent(`${apiUrl}/openapi.yaml`)}`
}

async function tellStory(): Promise<void> {
  const configured = succeeded(await platform.configure())
  for (const { developerName, isRequired } of configured.configurationValues ?? []) {
    tell(`   result     ${developerName}${isRequired ? ' (required)' : ''}`)
  }

  const preview = succeeded(await platform.preview())
  for (const type of preview.install?.typeElements ?? []) {
    const use = type.bindings.length > 0 ? 'has a binding' : 'stands inside others'
    tell(
      `   result     ${type.developerName} ${use}: ${type.properties.map(p => p.developerName).join(', ')}`
    )
  }
  assert.ok(preview.install?.typeElements.some(type => type.developerName === 'Ticket'))

  const installed = succeeded(await platform.install())
  assert.deepEqual(installed.install, preview.install)
  tell(`   result     ${installed.install?.typeElements.length} types installed`)

  const query = await platform.load('Query: the first two open tickets', 'Ticket', {
    where: [{ columnName: 'status', criteriaType: 'EQUAL', contentValue: 'open' }],
    limit: 2,
    offset: 0
  })
  const found = objectsOf(query)
  assert.equal(found.length, 2)
  assert.equal(query.body.hasMoreResults, true)
  tell(`   result     there are more: ${query.body.hasMoreResults}`)

  const [first] = found
  assert.ok(first)
  const one = objectsOf(
    await platform.load('Load one by its id', 'Ticket', { id: first.externalId })
  )
  assert.equal(one[0]?.externalId, first.externalId)

  const draft = ticket(null, {
    subject: 'The printer prints sideways',
    body: 'Since this morning.',
    priority: 'high',
    customer_id: '1',
    estimate_hours: '1.25',
    effort_cost: '1234567890.123456789012345678'
  })
  const [created] = objectsOf(await platform.save('Create: no external id yet', 'Ticket', draft))
  assert.ok(created?.externalId)
  assert.equal(textOf(created, 'effort_cost'), '1234567890.123456789012345678')

  const change = ticket(created.externalId, { status: 'solved', due_on: '2026-12-01T00:00:00Z' })
  const [updated] = objectsOf(
    await platform.save('Update: the external id is known', 'Ticket', change)
  )
  assert.equal(updated?.externalId, created.externalId)
  assert.equal(textOf(updated, 'status'), 'solved')

  succeeded(await platform.remove('Delete it', 'Ticket', ticket(created.externalId, {})))
  tell('   result     deleted')

  const gone = await platform.load('Load it again: it is gone, the flow gets nothing', 'Ticket', {
    id: created.externalId
  })
  assert.deepEqual(objectsOf(gone), [])

  const refused = await platform.save(
    'A refused call: the API does not take a ticket without a subject',
    'Ticket',
    ticket(null, { body: 'No subject.', customer_id: '1' })
  )
  assert.ok(refused.status >= 400)
  tell(`   result     ${refused.status} ${refused.body.message}`)
  tell(`              ${refused.body.remedy}`)

  const wrong = await platform.load('Another one: a column that the type does not have', 'Ticket', {
    where: [{ columnName: 'statsu', criteriaType: 'EQUAL', contentValue: 'open' }]
  })
  assert.equal(wrong.status, 400)
  tell(`   result     ${wrong.status} ${wrong.body.message}`)
  tell(`              ${wrong.body.remedy}`)
}

/** Prints the objects of an answer, one per line, and returns them. */
function objectsOf(answer: ConnectorAnswer): readonly PlatformObject[] {
  const objects = succeeded(answer).objectData ?? []
  if (objects.length === 0) tell('   result     no objects')
  for (const object of objects) tell(`   result     ${objectLine(object)}`)
  return objects
}

function succeeded(answer: ConnectorAnswer): ConnectorAnswer['body'] {
  assert.equal(answer.status, 200, answer.body.message)
  return answer.body
}

function ticket(
  externalId: string | null,
  values: { readonly [name: string]: string }
): PlatformObject {
  const properties = Object.entries(values).map(([developerName, contentValue]) => ({
    developerName,
    contentValue,
    objectData: null
  }))
  return { externalId, internalId: null, developerName: 'Ticket', properties }
}

function textOf(object: PlatformObject, name: string): string | null | undefined {
  return object.properties.find(({ developerName }) => developerName === name)?.contentValue
}

async function startConnector() {
  const given = readSettings({ LOG_LEVEL: 'warn', ...process.env })
  // The connector calls private addresses, such as this machine's, only if they are allowed.
  const settings = allowUrls(given.settings, [apiUrl])
  if (!stays) return startService({ ...settings, PORT: 0 })
  return startService(settings).catch(error => {
    if (!isAddressTaken(error)) throw error
    return startService({ ...settings, PORT: 0 })
  })
}

async function listen(app: FastifyInstance, port: number): Promise<string> {
  try {
    await app.listen({ port, host: '127.0.0.1' })
  } catch (error) {
    if (!isAddressTaken(error)) throw error
    await app.listen({ port: 0, host: '127.0.0.1' })
  }
  const address: AddressInfo | string | null = app.server.address()
  return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : ''
}

function isAddressTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
}
