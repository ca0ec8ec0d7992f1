/** What has changed between two catalogs of an API (docs/catalog.md#what-changed). */
export type CatalogChange = {
  readonly change: 'added' | 'removed' | 'changed'
  readonly what: 'service' | 'collection' | 'endpoint'
  /** Name of the collection; blank for the service. */
  readonly collection: string
  /** Name of the endpoint; null for anything else. */
  readonly endpoint: string | null
  /** What of it has changed, one clause each; empty for what was added or removed. */
  readonly details: readonly string[]
}
