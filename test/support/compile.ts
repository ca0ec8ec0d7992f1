import assert from 'node:assert/strict'

import { parseDocument } from '../../service/parse/parse-document.ts'
import { compileModel } from '../../service/compiler/compile-model.ts'
import type { DerivedTypeBounds } from '../../service/settings.ts'
import type { ConnectorModel } from '../../service/model/connector-model.ts'
import type { ExampleRecord } from '../../service/model/example-record.ts'
import type { TypeRecord } from '../../service/model/type-record.ts'
import { describeTypes } from '../../service/protocol/describe.ts'
import type { TypeElement } from '../../service/protocol/schemas.ts'
import type { MappedCall } from './mapped-call.ts'
import { mappedCall } from './mapped-call.ts'

/** URL of the documents of tests. */
const DOCUMENT_URL = 'https://docs.example.com/openapi.yaml'

const BOUNDS = { perType: 200, total: 5_000 }

/** Compiles the text of a document. */
export function compile(
  text: string,
  bounds: DerivedTypeBounds = BOUNDS,
  url = DOCUMENT_URL
): ConnectorModel {
  return compileModel(parseDocument(text, 'application/yaml', url), bounds)
}

/** Compiles an OpenAPI document that has nothing but schemas, given as YAML without indentation. */
export function compileSchemas(
  schemas: string,
  { version = '3.0.3', bounds = BOUNDS }: { version?: string; bounds?: DerivedTypeBounds } = {}
): ConnectorModel {
  const head = `openapi: ${version}\ninfo: {title: Test, version: '1'}\ncomponents:\n  schemas:\n`
  return compile(head + schemas.trim().replaceAll(/^/gm, '    '), bounds)
}

/**
 * The properties that a platform installs, by type, each as `name ContentType` followed by the type of an
 * object or a list.
 */
export function installed(model: ConnectorModel): { [type: string]: string[] } {
  const typeElements: TypeElement[] = JSON.parse(describeTypes(Object.values(model.types)))
  return Object.fromEntries(
    typeElements.map(({ developerName, properties }) => [
      developerName,
      properties.map(({ developerName: name, contentType, typeElementDeveloperName: type }) =>
        type === null ? `${name} ${contentType}` : `${name} ${contentType} ${type}`
      )
    ])
  )
}

export function typeNamed(model: ConnectorModel, name: string): TypeRecord {
  const type = model.types[name]
  assert.ok(type, `there is no type ${name}, only ${model.index.types.join(', ')}`)
  return type
}

/** The mapping `<verb>:<type name>`, with everything of its endpoint. */
export function operationOf(model: ConnectorModel, key: string): MappedCall {
  const mapping = model.mappings[key]
  const endpoint = model.endpoints[mapping?.endpoint ?? '']
  const known = Object.keys(model.mappings).join(', ')
  assert.ok(mapping && endpoint, `there is no mapping ${key}, only ${known}`)
  return mappedCall(mapping, endpoint)
}

/** What a mapping answers from the document: what its endpoint declares, and what its type adds. */
export function exampleOf(model: ConnectorModel, key: string): ExampleRecord {
  const declared = model.examples[model.mappings[key]?.endpoint ?? '']
  const answers = { ...declared?.answers, ...model.examples[key]?.answers }
  return { status: declared?.status ?? null, answers }
}

/** Diagnostics as `line:column severity CODE pointer`. */
export function diagnosticsOf(model: ConnectorModel): string[] {
  return model.index.diagnostics.map(
    ({ line, column, severity, code, pointer }) =>
      `${line}:${column} ${severity} ${code} ${pointer}`
  )
}
