import assert from 'node:assert/strict'

import { Compile } from 'typebox/compile'

import { compileCatalog } from '../../service/compiler/catalog/compile-catalog.ts'
import { compileDocument } from '../../service/compiler/compile-document.ts'
import type {
  Catalog,
  CatalogEndpoint,
  CatalogField,
  CatalogOptions
} from '../../service/model/catalog.ts'
import { parseDocument } from '../../service/parse/parse-document.ts'
import { CatalogAnswer } from '../../service/protocol/catalog-schemas.ts'

/** URL of the documents of tests. */
export const DOCUMENT_URL = 'https://docs.example.com/openapi.yaml'

const validator = Compile(CatalogAnswer)

/** Catalogs the text of a document, and checks the form of the catalog. */
export function catalogOf(text: string, options: CatalogOptions = {}): Catalog {
  const document = parseDocument(text, 'application/yaml', DOCUMENT_URL)
  const model = compileDocument(document, { perType: 200, total: 5_000 })
  const catalog = compileCatalog(document, model, options)
  const written: unknown = JSON.parse(JSON.stringify(catalog))
  assert.ok(validator.Check(written), JSON.stringify(validator.Errors(written)[0]))
  return catalog
}

/** Catalogs an OpenAPI document that has nothing but paths, given as YAML without indentation. */
export function catalogPaths(paths: string, more = '', options: CatalogOptions = {}): Catalog {
  const head = `openapi: 3.0.3\ninfo: {title: Test, version: '1'}\n${more.trim()}\npaths:\n`
  return catalogOf(head + paths.trim().replaceAll(/^/gm, '  '), options)
}

/** The endpoint of a name, such as `/pets/get`. */
export function endpointNamed({ endpoints }: Catalog, name: string): CatalogEndpoint {
  const found = endpoints.find(endpoint => endpoint.name === name)
  assert.ok(found, `there is no ${name}, only ${endpoints.map(each => each.name).join(', ')}`)
  return found
}

/** Fields as `name KIND display`, children by dotted path, marks behind. */
export function fieldLines(fields: readonly CatalogField[] | undefined, above = ''): string[] {
  return (fields ?? []).flatMap(field => {
    const { name, dataType, dataTypeDisplay, children, cut } = field
    const path = above + name
    const display = dataTypeDisplay === dataType ? [] : [dataTypeDisplay]
    const mark = cut === undefined ? [] : [`(${cut})`]
    return [[path, dataType, ...display, ...mark].join(' '), ...fieldLines(children, `${path}.`)]
  })
}
