import type { Catalog, CatalogCollection, CatalogEndpoint } from '../../model/catalog.ts'
import { cleanName, fullName } from '../server/entity-names.ts'
import type { Workflow } from '../workflow/workflow.ts'

/** Everything that a server is to be told of a catalog. */
export type PushPlan = {
  readonly service: string
  readonly collections: readonly CatalogCollection[]
  readonly endpoints: readonly CatalogEndpoint[]
  /** How many the filters left out. */
  readonly filtered: { readonly collections: number; readonly endpoints: number }
  /** What the source has, with what the filters left out: names of collections, full names of endpoints. */
  readonly present: {
    readonly collections: ReadonlySet<string>
    readonly endpoints: ReadonlySet<string>
  }
}

/**
 * Chooses what a server is told of a catalog (docs/catalog.md#filters). Collections pass by their names, endpoints by their paths; those of
 * a collection that does not pass are left out with it.
 */
export function planPush(
  { collections, endpoints }: Pick<Catalog, 'collections' | 'endpoints'>,
  workflow: Pick<Workflow, 'serviceName' | 'collections' | 'endpoints'>
): PushPlan {
  const service = workflow.serviceName
  const passing = collections.filter(({ name }) => workflow.collections(name))
  const names = new Set(passing.map(({ name }) => name))
  const sent = endpoints.filter(
    ({ collection, path }) => names.has(collection) && workflow.endpoints(path)
  )
  return {
    service,
    collections: passing,
    endpoints: sent,
    filtered: {
      collections: collections.length - passing.length,
      endpoints: endpoints.length - sent.length
    },
    present: {
      collections: new Set(collections.map(({ name }) => name)),
      endpoints: new Set(
        endpoints.map(({ collection, name }) => fullName(service, collection, cleanName(name)))
      )
    }
  }
}
