import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import { found, startConnector } from '../support/start-connector.ts'

/** Ways to have the example of a list in another document, by the YAML of its media type. */
const WAYS: readonly (readonly [name: string, media: (url: string) => string])[] = [
  ['externalValue', url => `examples: { One: { externalValue: '${url}' } }`],
  ['a reference of an entry', url => `examples: { One: { $ref: '${url}' } }`],
  ['a reference as the value', url => `examples: { One: { value: { $ref: '${url}' } } }`],
  ['a reference as the example', url => `example: { $ref: '${url}' }`]
]

function documentOf(media: string): string {
  return `
openapi: 3.0.3
info: { title: Ports, version: '1' }
servers: [{ url: / }]
paths:
  /ports:
    get:
      responses:
        '200':
          description: Ports
          content:
            application/json:
              schema: { type: array, items: { $ref: '#/components/schemas/Port' } }
              ${media}
components:
  schemas:
    Port:
      type: object
      x-flow-type: { name: Port }
      x-flow-query: { path: /ports, example: true }
      properties: { id: { type: integer }, name: { type: string } }
`
}

for (const [way, media] of WAYS) {
  test(`E12 the example of another document is read by ${way}, else it is a warning and the next source`, async t => {
    const api = await startApi(t, (request, response) => {
      const path = request.url ?? ''
      if (path.includes('missing')) response.writeHead(404).end()
      else if (path.includes('parts/list')) response.end('[{"id": 7, "name": "Ostia"}]')
      else if (path.includes('parts/wrapped'))
        response.end('{"value": [{"id": 8}], "summary": "one"}')
      else if (path.includes('lost')) response.end(documentOf(media('missing.yaml')))
      else if (path.includes('framed')) response.end(documentOf(media('parts/wrapped.yaml')))
      else response.end(documentOf(media('parts/list.yaml#')))
    })
    const at = (name: string) => ({ 'Schema URL': `${api.url}/${name}.yaml` })
    const connector = await startConnector(t, at('main'))
    assert.deepEqual(found(await connector.load('Port')), [
      { externalId: '7', id: '7', name: 'Ostia' }
    ])
    const framed = found(await connector.as({ configuration: at('framed') }).load('Port'))
    assert.deepEqual(
      framed.map(({ id }) => id),
      ['8']
    )
    const lost = connector.as({ configuration: at('lost') })
    assert.equal(found(await lost.load('Port')).length, 5)
    const { diagnostics } = await lost.preview()
    const told = diagnostics.filter(({ code }) => code.startsWith('EXAMPLE'))
    assert.ok(told.length > 0)
    assert.deepEqual(api.calls, [])
    assert.ok(
      diagnostics.every(({ severity }) => severity !== 'error'),
      JSON.stringify(diagnostics)
    )
  })
}
