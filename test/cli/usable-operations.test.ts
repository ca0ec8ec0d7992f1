import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { runInTerminal } from '../support/run-in-terminal.ts'

type Operation = { readonly method: string; readonly path: string }
type Judged = Operation & { readonly score: number }

/** The first list is used by a key, the second could be used, and the rest could not. */
const PARTLY = `openapi: 3.0.3
info: { title: Shop, version: '1' }
servers: [{ url: 'https://shop.example.com' }]
paths:
  /items:
    get: { responses: { '200': { description: all, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Item' } } } } } } }
    trace: { responses: { '200': { description: echo } } }
  /orders:
    get: { responses: { '200': { description: all, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Order' } } } } } } }
    delete: { responses: { '204': { description: all are gone } } }
  /orders/export: { post: { responses: { '202': { description: started } } } }
  /ping: { head: { responses: { '200': { description: up } } } }
components:
  schemas:
    Item: { type: object, x-flow-type: { name: Item }, x-flow-query: { path: /items }, properties: { id: { type: integer } } }
    Order: { type: object, properties: { id: { type: integer }, total: { type: number } } }
`

for (const name of ['partly.yaml', 'sample:no-markup', 'sample:helpdesk', 'sample:apis/spotify']) {
  test(`J05 every operation of ${name} is used, could be used, or is left alone for a reason`, async t => {
    const directory = mkdtempSync(join(tmpdir(), 'openapi-flow-'))
    t.after(() => rmSync(directory, { recursive: true }))
    writeFileSync(join(directory, 'partly.yaml'), PARTLY)
    const json = async (...args: string[]) =>
      JSON.parse((await runInTerminal([...args, '--json'], { directory })).out)
    const { endpoints } = await json('catalog', name)
    const { resources, skipped } = await json('infer', name)
    const overlay = (await runInTerminal(['infer', name], { directory })).out
    const keyed = endpoints
      .filter(({ flow }: { flow: { origin: string }[] }) =>
        flow.some(({ origin }) => origin !== 'inferred')
      )
      .map(nameOf)
    const roles = ['query', 'load', 'save', 'update', 'delete']
    const proposed = resources.flatMap((resource: Record<string, Judged | null>) =>
      roles.flatMap(role => resource[role] ?? [])
    )
    for (const { score, reasons } of proposed) assert.ok(score >= 0.5 && reasons.length > 0)
    for (const left of skipped) {
      assert.ok(left.score < 0.5 && left.reason.length > 0)
      assert.ok(overlay.includes(`# ${nameOf(left)}: `), nameOf(left))
    }
    const told = new Set([...keyed, ...proposed.map(nameOf), ...skipped.map(nameOf)])
    assert.deepEqual(
      endpoints.map(nameOf).filter((each: string) => !told.has(each)),
      []
    )
  })
}

function nameOf({ method, path }: Operation): string {
  return `${method} ${path}`
}
