import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'

import { startApi } from '../support/start-api.ts'
import { condition, data, flowObject, found, startConnector } from '../support/start-connector.ts'

const run = promisify(execFile)

// Whoever writes to the prototype of all objects fails here, in strict code and aloud.
Object.freeze(Object.prototype)

const POISON = { polluted: 'yes' }

/** A document in which everything that can have a name has that of a prototype's member. */
const DOCUMENT = JSON.parse(`{
  "openapi": "3.0.3",
  "info": { "title": "T", "version": "1", "__proto__": ${JSON.stringify(POISON)} },
  "__proto__": ${JSON.stringify(POISON)},
  "constructor": { "prototype": ${JSON.stringify(POISON)} },
  "servers": [{ "url": "/{__proto__}/{constructor}", "variables": { "__proto__": { "default": "v1" }, "constructor": { "default": "api" } } }],
  "paths": {
    "/things/{__proto__}": {
      "__proto__": ${JSON.stringify(POISON)},
      "get": {
        "parameters": [
          { "name": "__proto__", "in": "path", "required": true, "schema": { "type": "string" } },
          { "name": "constructor", "in": "query", "schema": { "type": "string" } },
          { "name": "toString", "in": "header", "schema": { "type": "string" } }
        ],
        "security": [{ "__proto__": [], "constructor": [] }],
        "responses": {
          "200": { "description": "Some", "content": { "application/json": { "schema": { "type": "array", "items": { "$ref": "#/components/schemas/__proto__" } } } } },
          "__proto__": { "description": "None" }
        }
      },
      "put": {
        "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/__proto__" } } } },
        "responses": { "200": { "description": "One", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/__proto__" } } } } }
      }
    },
    "/shown": { "get": { "responses": { "200": { "description": "Shown", "content": { "application/json": {
      "examples": { "__proto__": { "value": [{ "__proto__": { "polluted": "shown" }, "constructor": "c" }] } } } } } } } }
  },
  "components": {
    "securitySchemes": {
      "__proto__": { "type": "apiKey", "in": "header", "name": "X-Proto" },
      "constructor": { "type": "apiKey", "in": "query", "name": "__proto__" }
    },
    "schemas": {
      "__proto__": {
        "type": "object",
        "x-flow-type": { "name": "__proto__", "id": "hasOwnProperty", "customProperties": { "valueOf": "string", "isPrototypeOf": "string" } },
        "x-flow-query": {
          "path": "/things/{__proto__}",
          "parameters": { "__proto__": { "default": "all" }, "where": { "constructor": "constructor", "toString": "toString" } }
        },
        "x-flow-update": { "path": "/things/{__proto__}", "parameters": { "__proto__": "externalId" } },
        "properties": {
          "__proto__": { "type": "object", "properties": { "polluted": { "type": "string" } } },
          "constructor": { "type": "string" },
          "toString": { "type": "string" },
          "hasOwnProperty": { "type": "string" },
          "__defineGetter__": { "additionalProperties": { "type": "string" } },
          "__lookupGetter__": { "$ref": "#/__proto__/polluted" },
          "propertyIsEnumerable": { "$ref": "#/info/toString" },
          "toLocaleString": { "$ref": "#/paths/constructor/prototype" }
        }
      },
      "constructor": {
        "type": "object",
        "x-flow-type": { "name": "constructor" },
        "x-flow-query": { "path": "/shown", "example": { "examples": "__proto__" } },
        "properties": {
          "__proto__": { "type": "object", "properties": { "polluted": { "type": "string" } } },
          "constructor": { "type": "string" },
          "choice": {
            "oneOf": [{ "$ref": "#/components/schemas/__proto__" }, { "type": "object", "title": "toString", "properties": { "a": { "type": "string" } } }],
            "discriminator": { "propertyName": "__proto__", "mapping": { "__proto__": "#/__proto__", "constructor": "__proto__", "toString": "#/components/schemas/__proto__" } }
          }
        }
      }
    }
  }
}`)

test('B8 names of a prototype are names like others: in schemas, properties, parameters, schemes, servers, objects', async t => {
  const api = await startApi(t, JSON.stringify(DOCUMENT))
  const connector = await startConnector(t, {
    'Schema URL': api.documentUrl,
    'API Key': '__proto__=p-key\nconstructor=c-key'
  })
  const preview = await connector.preview()
  const type = preview.types.find(({ developerName }) => developerName === '__proto__')
  assert.deepEqual(
    type?.properties.map(({ developerName }) => developerName),
    [
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      '__defineGetter__',
      '__lookupGetter__',
      'propertyIsEnumerable',
      'toLocaleString',
      'valueOf',
      'isPrototypeOf'
    ]
  )
  assert.deepEqual(
    preview.diagnostics.filter(({ code }) => code.startsWith('REF_')).map(({ pointer }) => pointer),
    ['propertyIsEnumerable', 'toLocaleString'].map(
      name => `/components/schemas/__proto__/properties/${name}`
    )
  )

  const thing = JSON.parse(
    '{"__proto__":{"polluted":"yes"},"constructor":"c","toString":"t","hasOwnProperty":"7","__defineGetter__":{"__proto__":"m"}}'
  )
  api.answer({ json: [thing] }, { json: thing })
  const [loaded] = found(
    await connector.load('__proto__', {
      where: [condition('constructor', 'x'), condition('toString', 'y')]
    })
  )
  assert.equal(loaded?.externalId, '7')
  assert.equal(loaded?.constructor, 'c')
  const [call] = api.calls
  assert.equal(call?.url, '/v1/api/things/all?constructor=x&__proto__=c-key')
  assert.deepEqual([call?.headers.tostring, call?.headers['x-proto']], ['y', 'p-key'])

  const saved = data(
    await connector.save(
      '__proto__',
      flowObject('7', { constructor: 'c2', toString: 't2', valueOf: 'custom' })
    )
  )
  assert.equal(saved.objectData[0]?.externalId, '7')
  const [, update] = api.calls
  assert.equal(update?.url, '/v1/api/things/7')
  assert.equal(update?.body, '{"constructor":"c2","toString":"t2"}')
})

test('B8 an example with names of a prototype is answered as it is written', async t => {
  const api = await startApi(t, JSON.stringify(DOCUMENT))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const { objectData } = data(await connector.load('constructor'))
  const properties = objectData[0]?.properties.map(({ developerName, contentValue }) => [
    developerName,
    contentValue
  ])
  assert.deepEqual(properties?.slice(0, 2), [
    ['__proto__', null],
    ['constructor', 'c']
  ])
  assert.deepEqual(
    objectData[0]?.properties[0]?.objectData?.[0]?.properties[0]?.contentValue,
    'shown'
  )
})

test('B8 the service has no way from an object to its prototype by a name', async () => {
  const told = 'data:text/javascript,process.on("exit",()=>console.log("__proto__" in {}))'
  const { stdout } = await run(process.execPath, ['--import', told, 'service/main.ts', 'help'])
  assert.match(stdout, /^openapi-flow.*\nfalse\n$/s)
})
