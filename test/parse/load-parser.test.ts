import assert from 'node:assert/strict'
import { test } from 'node:test'

import { loadParser } from '../../service/parse/load-parser.ts'

/** Parts of a document in which most rules apply. */
const PARTS = {
  info: '"info":{"title":"Test","version":"1"}',
  parameters: '[{"name":"id","in":"path","required":true,"schema":{"type":"string"}}]',
  responses: '{"200":{"description":"ok","content":{"application/json":{"schema":{}}}}}',
  components: '{"schemas":{"A":{"type":"object","properties":{"a":{"type":"array","items":{}}}}}}'
}

function documentText(parts: Partial<typeof PARTS>, version: string): string {
  const { info, parameters, responses, components } = { ...PARTS, ...parts }
  const operation = `{"operationId":"a","parameters":${parameters},"responses":${responses}}`
  return `{"openapi":"${version}",${info},"paths":{"/a/{id}":{"get":${operation}}},"components":${components}}`
}

const referring = (ref: string): string => `[{"$ref":"${ref}"}]`

const FAULTY: readonly { readonly fault: string; readonly parts: Partial<typeof PARTS> }[] = [
  { fault: 'none', parts: {} },
  { fault: 'a document without a title', parts: { info: '"info":{"version":1}' } },
  { fault: 'a path parameter that is not there', parts: { parameters: '[]' } },
  {
    fault: 'a reference to what is no parameter',
    parts: { parameters: referring('#/components/schemas/A') }
  },
  { fault: 'a reference to nothing', parts: { parameters: referring('#/components/none') } },
  {
    fault: 'a parameter twice',
    parts: { parameters: PARTS.parameters.replace(/\[(.*)\]/, '[$1,$1]') }
  },
  {
    fault: 'a header whose schema is text',
    parts: { responses: '{"200":{"description":"ok","headers":{"X":{"schema":"text"}}}}' }
  },
  {
    fault: 'a media type whose schema is a list',
    parts: { responses: PARTS.responses.replace('"schema":{}', '"schema":[]') }
  },
  { fault: 'responses without a description', parts: { responses: '{"200":{},"2XX":{"x":1}}' } },
  { fault: 'a schema that is a number', parts: { components: '{"schemas":{"A":5}}' } },
  {
    fault: 'an array without items',
    parts: {
      components: '{"schemas":{"A":{"type":"array"}}}',
      responses: PARTS.responses.replace('{}', '{"type":"array"}')
    }
  },
  {
    fault: 'a security scheme of no kind',
    parts: { components: '{"securitySchemes":{"a":{"type":"none"},"b":{"type":"http"}}}' }
  },
  { fault: 'members that nobody knows', parts: { components: '{"schema":{},"x-a":1}' } }
]

test('J06 M8 with the structure of our own the parser refuses what it refuses with the schemas of OpenAPI', async () => {
  const lean = await loadParser()
  // Another address makes another module, which no hook knows.
  const whole: typeof lean = await import(`${import.meta.resolve('@readme/openapi-parser')}?whole`)
  for (const version of ['3.0.3', '3.1.0']) {
    for (const { fault, parts } of FAULTY) {
      const text = documentText(parts, version)
      const expected = await whole.validate(JSON.parse(text))
      const found = await lean.validate(JSON.parse(text))
      assert.equal(found.valid, expected.valid, `${version} with ${fault}`)
      if (expected.valid) assert.deepEqual(found, expected, `${version} with ${fault}`)
      if (fault === 'none') assert.equal(found.valid, true)
    }
  }
})
