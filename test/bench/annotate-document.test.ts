import assert from 'node:assert/strict'
import { test } from 'node:test'

import { annotateDocument, listedType, typeNames } from '../../bench/annotate-document.ts'
import { documentText, makeDocument } from '../../bench/made-document.ts'
import { parseDocument } from '../../service/parse/parse-document.ts'
import { compileModel } from '../../service/compiler/compile-model.ts'

const BYTES = 50_000

test('a document that is made has the size that was asked for, and is the same each time', () => {
  const text = documentText(makeDocument(7, BYTES))
  assert.ok(text.length >= BYTES)
  assert.ok(text.length < BYTES * 1.5)
  assert.equal(documentText(makeDocument(7, BYTES)), text)
  assert.notEqual(documentText(makeDocument(8, BYTES)), text)
})

test('annotations compile to a type and its mappings for every schema, without a diagnostic', () => {
  const annotated = annotateDocument(makeDocument(1, BYTES))
  const text = documentText(annotated)
  const model = compileModel(parseDocument(text, 'application/json', 'http://made.test'), {
    perType: 200,
    total: 5_000
  })
  const names = typeNames(annotated)
  assert.ok(names.length > 2)
  for (const name of names) {
    assert.deepEqual(Object.keys(model.types[name]?.mappings ?? {}).sort(), ['load', 'query'])
  }
  assert.ok(names.includes(listedType(annotated) ?? ''))
  assert.deepEqual(model.index.diagnostics, [])
})

test('paths are filled: the last parameter is the id, others that are required are constants', () => {
  const reference = { $ref: '#/components/schemas/issue' }
  const answer = (schema: object): object => ({
    200: { description: 'ok', content: { 'application/json': { schema } } }
  })
  const inPath = (name: string, type: string): object => ({
    ...{ name, in: 'path', required: true, schema: { type } }
  })
  const document = JSON.parse(
    JSON.stringify({
      paths: {
        '/orgs/{org}/issues': {
          get: {
            parameters: [inPath('org', 'string'), { name: 'per_page', in: 'query' }],
            responses: answer({ type: 'array', items: reference })
          }
        },
        '/issues': {
          get: {
            parameters: [
              { name: 'state', in: 'query', required: true, schema: { enum: ['open', 'all'] } }
            ],
            responses: answer({ type: 'array', items: reference })
          }
        },
        '/repos/{repo}/issues/{number}': {
          parameters: [{ $ref: '#/components/parameters/repo' }],
          get: { parameters: [inPath('number', 'integer')], responses: answer(reference) }
        }
      },
      components: {
        parameters: { repo: inPath('repo', 'integer') },
        schemas: { issue: { type: 'object', properties: {} }, state: { type: 'string' } }
      }
    })
  )
  assert.deepEqual(annotateDocument(document).components, {
    ...document.components,
    schemas: {
      issue: {
        type: 'object',
        properties: {},
        'x-flow-type': { name: 'issue' },
        'x-flow-query': { path: '/issues', parameters: { state: { default: 'open' } } },
        'x-flow-load': {
          path: '/repos/{repo}/issues/{number}',
          parameters: { repo: { default: 1 }, number: 'id' }
        }
      },
      state: { type: 'string' }
    }
  })
})
