import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JsonObject } from '../../service/base/json.ts'
import { isJsonObject, member } from '../../service/base/json.ts'
import { parseDocument } from '../../service/parse/parse-document.ts'
import { compileModel } from '../../service/compiler/compile-model.ts'
import { compile, compileSchemas, installed } from '../support/compile.ts'

const BOUNDS = { perType: 200, total: 5_000 }

function many(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n')
}

/** How often the compiler looks up a schema by its key. */
function lookUps(schemas: string): number {
  let count = 0
  const head = "openapi: 3.0.3\ninfo: {title: Test, version: '1'}\ncomponents:\n  schemas:\n"
  const document = parseDocument(head + schemas.replaceAll(/^/gm, '    '), '', 'https://a.example')
  const components = document.root.components
  const held = member(components, 'schemas')
  assert.ok(isJsonObject(components) && isJsonObject(held))
  const counted = new Proxy<JsonObject>(held, {
    getOwnPropertyDescriptor(target, key) {
      count++
      return Reflect.getOwnPropertyDescriptor(target, key)
    }
  })
  const root = { ...document.root, components: { ...components, schemas: counted } }
  compileModel({ ...document, root }, BOUNDS)
  return count
}

for (const { name, schemas } of [
  {
    name: 'a chain of references that is entered at every link',
    schemas: (size: number) =>
      `${many(size, i => `S${i}: {$ref: '#/components/schemas/S${i + 1}'}`)}
S${size}: {type: object, properties: {a: {type: string}}}
T: {x-flow-type: {name: T}, properties: {${Array.from({ length: size }, (_, i) => `p${i}: {$ref: '#/components/schemas/S${i}'}`).join(', ')}}}`
  },
  {
    name: 'references that fan out to the same schemas at every level',
    schemas: (size: number) =>
      `${many(size, i => `F${i}: {type: object, properties: {${Array.from({ length: 10 }, (_, k) => `p${k}: {$ref: '#/components/schemas/F${i + 1}'}`).join(', ')}}}`)}
F${size}: {type: object, properties: {a: {type: string}}}
T: {x-flow-type: {name: T}, properties: {f: {$ref: '#/components/schemas/F0'}}}`
  },
  {
    name: 'types that refer to each other in a circle',
    schemas: (size: number) =>
      many(
        size,
        i =>
          `E${i}: {x-flow-type: {name: E${i}}, properties: {next: {$ref: '#/components/schemas/E${(i + 1) % size}'}, first: {$ref: '#/components/schemas/E0'}}}`
      )
  }
]) {
  test(`B5 B6 twice as much of ${name} is twice the work at the most`, () => {
    const [small, large] = [lookUps(schemas(500)), lookUps(schemas(1_000))]
    assert.ok(small > 0)
    assert.ok(large <= 2.2 * small, `${small} and ${large}`)
  })
}

test('J06 FINDINGS_UNTOLD says how many diagnostics there are besides the first thousand of each severity', () => {
  const model = compileSchemas(
    `A: {x-flow-type: {name: A}, properties: {a: {type: string}}, ${Array.from({ length: 1_200 }, (_, i) => `x-flow-k${i}: 1`).join(', ')}}
Lost: {x-flow-type: {name: Lost}, properties: {a: {$ref: '#/a'}, b: {type: string}}}`
  )
  const { diagnostics } = model.index
  const count = (code: string): number => diagnostics.filter(found => found.code === code).length
  assert.deepEqual([count('EXTENSION_UNKNOWN'), count('REF_UNRESOLVED')], [1_000, 1])
  const [untold] = diagnostics
  assert.equal(untold?.code, 'FINDINGS_UNTOLD')
  assert.equal(untold?.message, '200 more diagnostics were left out')
  assert.deepEqual(installed(model).A, ['a ContentString'])
})

test('J06 a word from the document that goes on for ever is cut in a message', () => {
  const long = 'x'.repeat(3_900)
  const { diagnostics } = compileSchemas(`A: {x-flow-${long}: 1}`).index
  const found = diagnostics.find(({ code }) => code === 'EXTENSION_FOREIGN')
  assert.ok((found?.message.length ?? 0) < 2_000)
  assert.ok(found?.pointer.endsWith(long))
})

test('B10 J06 DOCUMENT_TOO_WIDE says what is left out of a model, and the first types are whole', () => {
  const wide = Array.from({ length: 2_000 }, (_, i) => `p${i}: {type: string}`).join(', ')
  const { index, types, mappings } = compile(`openapi: 3.0.3
paths: {/a: {get: {responses: {}}}}
components:
  schemas:
    Wide: {type: object, properties: {${wide}}}
${many(600, i => `    T${i}: {x-flow-type: {name: T${i}}, x-flow-query: {path: /a}, allOf: [{$ref: '#/components/schemas/Wide'}], properties: {own: {}}}`)}
`)
  const mapped = Object.keys(mappings).length
  const found = index.diagnostics.find(({ code }) => code === 'DOCUMENT_TOO_WIDE')
  const [, left, mappingsLeft] =
    /; (\d+) types and (\d+) mappings are left out, among others$/.exec(found?.message ?? '') ?? []
  assert.equal(found?.severity, 'error')
  assert.equal(Number(left) + index.types.length, 600)
  assert.equal(Number(mappingsLeft) + mapped, 600)
  assert.ok(index.types.length >= 20 && mapped >= 20)
  assert.equal(types.T0?.properties.length, 2_001)
  for (const type of Object.values(types)) {
    for (const key of Object.values(type.mappings)) assert.ok(mappings[key])
  }
})
