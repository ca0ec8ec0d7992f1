import type {
  Catalog,
  CatalogCollection,
  CatalogCounts,
  CatalogEndpoint,
  CatalogService
} from '../../model/catalog.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'

/** One line of a catalog in lines of JSON (docs/catalog.md#from-the-command-line). */
export type CatalogRecord =
  | ({ readonly record: 'service'; readonly counts: CatalogCounts } & CatalogService)
  | ({ readonly record: 'collection' } & CatalogCollection)
  | ({ readonly record: 'endpoint' } & CatalogEndpoint)
  | ({ readonly record: 'diagnostic' } & Diagnostic)

/** A catalog record by record: the service, all collections, all endpoints, then the diagnostics. */
export function* catalogRecords(catalog: Catalog): Generator<CatalogRecord> {
  const { service, counts, collections, endpoints, diagnostics } = catalog
  yield { record: 'service', ...service, counts }
  for (const collection of collections) yield { record: 'collection', ...collection }
  for (const endpoint of endpoints) yield { record: 'endpoint', ...endpoint }
  for (const diagnostic of diagnostics) yield { record: 'diagnostic', ...diagnostic }
}
