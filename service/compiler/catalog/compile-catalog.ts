import { deepFreeze } from '../../base/json.ts'
import type {
  Catalog,
  CatalogCollection,
  CatalogEndpoint,
  CatalogOptions
} from '../../model/catalog.ts'
import type { OperationPatterns } from '../../model/compile-options.ts'
import { USUAL_OPTIONS } from '../../model/compile-options.ts'
import type { ConnectorModel } from '../../model/connector-model.ts'
import type { ParsedDocument } from '../../parse/parse-document.ts'
import { isManifest } from '../../parse/parse-document.ts'
import { chooseOperations } from '../choose-operations.ts'
import type { Compilation } from '../compilation.ts'
import { createCompilation } from '../compilation.ts'
import {
  collectScopes,
  compileSecuritySchemes,
  declaredSchemes
} from '../endpoint/compile-security.ts'
import { declaredOperations } from '../endpoint/declared-operations.ts'
import { locateDiagnostics } from '../locate-diagnostics.ts'
import type { CatalogLinks } from './catalog-links.ts'
import { createCatalogLinks } from './catalog-links.ts'
import type { CatalogScope } from './catalog-scope.ts'
import { createExampleFilter } from './catalog-scope.ts'
import { catalogManifest } from './catalog-manifest.ts'
import { catalogService } from './catalog-service.ts'
import type { CatalogedOperation } from './compile-catalog-endpoint.ts'
import { compileCatalogEndpoint } from './compile-catalog-endpoint.ts'
import { compileCollections, tagsOf } from './compile-collections.ts'
import { createFieldTree } from './field-tree.ts'
import { judgePaths } from './judge-paths.ts'
import { createTexts } from './short-text.ts'

/** Most operations, and most characters as JSON of those that stand in further collections. */
const OPERATIONS_MAX = 20_000
const REPEATED_MAX = 20_000_000

/** Diagnostics about what a catalog shows. */
const CONCERNS = /^(?:CATALOG|REF|SCHEMA|PATH|PARAMETER|SECURITY|FINDINGS)_/

/**
 * Catalogs an API: its collections, its endpoints, and what these take and answer (docs/catalog.md). Pure.
 *
 * @param model What the same document compiles to: it knows which flow types call an endpoint.
 * @param patterns Of the operations that are cataloged. Default: all.
 */
export function compileCatalog(
  document: ParsedDocument,
  model: ConnectorModel,
  options: CatalogOptions = {},
  patterns: OperationPatterns = USUAL_OPTIONS
): Catalog {
  if (isManifest(document)) return deepFreeze(catalogManifest(document, model, options))
  const compilation = createCompilation(document)
  const service = catalogService(document.root, model, options)
  const links = createCatalogLinks(service.docUrl, service.documentUrl)
  const catalog = createScope(compilation, model)
  judgePaths(compilation)
  const declared = declaredOperations(compilation).filter(chooseOperations(patterns))
  const operations = declared.slice(0, OPERATIONS_MAX).map(target => ({
    tags: tagsOf(compilation, target),
    operation: compileCatalogEndpoint(catalog, target)
  }))
  const tags = operations.flatMap(each => each.tags)
  const collections = compileCollections(compilation, tags, links)
  const fields = catalog.fields.grow()
  const endpoints = enterCollections(collections, operations, links)
  const omitted = {
    operations: declared.length - operations.length,
    endpoints: tags.length - endpoints.length,
    fields: fields.left,
    descriptions: catalog.texts.left()
  }
  const { report } = compilation
  if (Object.values(omitted).some(count => count > 0) || compilation.isCut()) {
    report.add('CATALOG_CUT', '', omitted)
  }
  return deepFreeze({
    service,
    collections,
    endpoints,
    counts: {
      collections: collections.length,
      endpoints: endpoints.length,
      operations: operations.length,
      fields: fields.count,
      fieldsLeft: fields.left,
      endpointsLeft: omitted.operations + omitted.endpoints
    },
    diagnostics: locateDiagnostics(report.diagnostics, document).filter(({ code }) =>
      CONCERNS.test(code)
    )
  })
}

type Entry = { readonly tags: readonly string[]; readonly operation: CatalogedOperation }

function createScope(compilation: Compilation, model: ConnectorModel): CatalogScope {
  const schemes = declaredSchemes(compilation)
  const scopes = collectScopes(compilation, schemes)
  const securitySchemes = compileSecuritySchemes(compilation, schemes, scopes)
  const texts = createTexts()
  return {
    scope: { compilation, types: new Map(), securitySchemes, endpoints: new Map() },
    fields: createFieldTree(compilation, texts),
    texts,
    mappings: Map.groupBy(Object.values(model.mappings), ({ endpoint }) => endpoint),
    shown: createExampleFilter()
  }
}

/**
 * The endpoints of all collections, each under a name of its own there. Those of operations with several tags are as
 * many as are not too much for a catalog.
 */
function enterCollections(
  collections: readonly CatalogCollection[],
  entries: readonly Entry[],
  links: CatalogLinks
): CatalogEndpoint[] {
  const byTag = new Map<string, Entry[]>(collections.map(({ name }) => [name, []]))
  for (const entry of entries) for (const tag of entry.tags) byTag.get(tag)?.push(entry)
  const affordRepeated = createRepeats()
  return [...byTag].flatMap(([collection, held]) => {
    const afforded = held.filter(affordRepeated)
    const plain = afforded.filter(({ operation }) => isPlain(operation))
    const taken = new Set(plain.map(({ operation }) => shortName(operation)))
    return afforded.map(({ tags, operation }): CatalogEndpoint => {
      const short = shortName(operation)
      // Of paths that differ in slashes at their end, the one without has the short name.
      const isTaken = taken.has(short) && !isPlain(operation)
      const name = isTaken ? `${operation.path}/${operation.method.toLowerCase()}` : short
      taken.add(name)
      const url = links.endpoint(collection, operation.operationId)
      return { collection, name, url, tags, ...operation }
    })
  })
}

/** Whether an operation may stand in one more collection. It may always stand in its first. */
function createRepeats(): (entry: Entry) => boolean {
  const entered = new Set<Entry>()
  const sizes = new Map<Entry, number>()
  let characters = 0
  return entry => {
    if (!entered.has(entry)) {
      entered.add(entry)
      return true
    }
    const size = sizes.get(entry) ?? JSON.stringify(entry).length
    sizes.set(entry, size)
    characters += size
    return characters <= REPEATED_MAX
  }
}

/** Whether a path has no slash at its end that its display name leaves out. */
function isPlain({ displayName, path }: CatalogedOperation): boolean {
  return displayName === path
}

/** The path without a slash at its end, and the verb. */
function shortName({ displayName, method }: CatalogedOperation): string {
  return `${displayName === '/' ? '' : displayName}/${method.toLowerCase()}`
}
