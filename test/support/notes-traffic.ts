import assert from 'node:assert/strict'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import type { FlowAnswer, StartedConnector } from './start-connector.ts'
import { data, flowObject } from './start-connector.ts'
import { startUpstream } from './start-upstream.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Notes, version: '1' }
servers: [{ url: /v1 }]
paths:
  /notes/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get:
      responses: { '200': { description: One, content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } } }
    patch:
      parameters: [{ name: If-Match, in: header, schema: { type: string } }]
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } }
      responses: { '200': { description: Changed } }
components:
  schemas:
    Note:
      type: object
      properties: { id: { type: string, readOnly: true }, text: { type: string } }
      x-flow-type: { name: Note }
      x-flow-load: { path: '/notes/{id}', parameters: { id: id } }
      x-flow-update: { path: '/notes/{id}', operation: patch, parameters: { id: externalId } }
`

export type NotesApi = {
  readonly documentUrl: string
  readonly texts: ReadonlyMap<string, string>
  /** Updates that named the version that they are about. */
  readonly named: () => number
}

/** An API that keeps notes, and refuses an update of another version than it names. */
export async function startNotes(t: TestContext): Promise<NotesApi> {
  const notes = new Map<string, { text: string; version: number }>()
  const texts = new Map<string, string>()
  let named = 0
  const url = await startUpstream(t, async (request, response) => {
    if (request.url === '/openapi.yaml') {
      response.end(DOCUMENT)
      return
    }
    const id = request.url?.split('/').at(-1) ?? ''
    const note = notes.get(id) ?? { text: 'new', version: 0 }
    notes.set(id, note)
    if (request.method === 'PATCH') {
      const match = request.headers['if-match']
      const { text: changed } = JSON.parse(await text(request))
      if (match !== undefined) named++
      if (match !== undefined && match !== `"${note.version}"`) {
        response.writeHead(412).end()
        return
      }
      note.text = changed
      note.version++
      texts.set(id, changed)
    }
    response.writeHead(200, { 'content-type': 'application/json', etag: `"${note.version}"` })
    response.end(JSON.stringify({ id, text: note.text }))
  })
  return { documentUrl: `${url}/openapi.yaml`, texts, named: () => named }
}

/** What flows need of a service. */
type Replica = Pick<StartedConnector, 'send'>

export type Traffic = {
  /** Waits until so many more rounds have ended. */
  rounds(count: number): Promise<void>
  /** Ends the traffic; what went wrong in it. */
  stop(): Promise<readonly string[]>
}

const FLOWS = 6

/**
 * Runs flows without pause, each on its own note: it loads the note through one replica, changes it through
 * another, and checks the result.
 */
export function startTraffic(api: NotesApi, replicas: readonly Replica[]): Traffic {
  const wrong: string[] = []
  const waiting = new Set<{ left: number; readonly go: () => void }>()
  let isOver = false
  let calls = 0
  const next = (): Replica => {
    const replica = replicas[calls++ % replicas.length]
    assert.ok(replica)
    return replica
  }
  const send = async (method: string, body: object): Promise<FlowAnswer> => {
    for (;;) {
      const answer = await next().send(method, '/data', body)
      // A busy machine makes the event loop late; whoever waits as it is told goes on.
      if (!answer.text.includes('[OVERLOADED]')) return answer
      await wait(100)
    }
  }
  const flow = async (id: string): Promise<void> => {
    const state = { stateId: `flow-${id}`, objectDataType: { developerName: 'Note' } }
    for (let round = 0; !isOver; round++) {
      const loaded = await send('POST', { ...state, listFilter: { id } })
      const seen = loaded.status === 200 ? JSON.stringify(data(loaded).objectData) : loaded.text
      if (!seen.includes(`"${api.texts.get(id) ?? 'new'}"`)) wrong.push(`load ${seen}`)
      const text = `${id}-${round}`
      const objectData = [flowObject(id, { text })]
      const saved = await send('PUT', { ...state, objectData })
      if (saved.status !== 200 || api.texts.get(id) !== text) wrong.push(`save ${saved.text}`)
      for (const waiter of waiting) if (--waiter.left === 0) waiter.go()
    }
  }
  const flows = Promise.all(Array.from({ length: FLOWS }, (_, index) => flow(`n${index}`)))
  return {
    rounds: count =>
      new Promise(go => {
        waiting.add({ left: count, go })
      }),
    async stop() {
      isOver = true
      await flows
      return wrong
    }
  }
}
