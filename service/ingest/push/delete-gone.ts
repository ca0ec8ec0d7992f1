import { ConnectorError } from '../../errors.ts'
import type { MetadataClient } from '../server/metadata-client.ts'
import type { KnownEntity } from './kept-edits.ts'
import type { PushPlan } from './plan-push.ts'
import type { Reporting } from './run-report.ts'

/** What the server has of a service. */
export type KnownEntities = {
  readonly collections: ReadonlyMap<string, KnownEntity>
  readonly endpoints: ReadonlyMap<string, KnownEntity>
}

/** Names of collections that a warning lists. */
const NAMES_SHOWN = 20

/**
 * Deletes the collections softly that are gone from the source, with their endpoints. After a run that did not write everything it
 * deletes nothing (docs/catalog.md#what-is-deleted).
 */
export async function deleteGone(
  { present }: PushPlan,
  known: KnownEntities,
  client: Pick<MetadataClient, 'remove'>,
  report: Reporting
): Promise<void> {
  const gone = [...known.collections.values()].filter(
    ({ name, isDeleted }) => !isDeleted && !present.collections.has(name)
  )
  if (gone.length === 0) return
  if (!report.isComplete()) {
    const shown = gone.slice(0, NAMES_SHOWN).map(({ name }) => name)
    const names = [...shown, ...(gone.length > NAMES_SHOWN ? ['…'] : [])].join(', ')
    report.warn(`nothing was deleted, because the run is not complete; gone are: ${names}`)
    return
  }
  for (const { id, name, fullName } of gone) {
    try {
      await client.remove(`apiCollections/${id}`, { recursive: 'true', hardDelete: 'false' })
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error
      report.fail('collection', fullName, error)
      continue
    }
    const endpoints = [...known.endpoints.values()].filter(
      ({ collection, isDeleted }) => !isDeleted && collection === name
    )
    report.count('collections', 'deleted')
    report.count('endpoints', 'deleted', endpoints.length)
  }
}

/** Tells of endpoints that are gone from a collection that is still there: these stay. */
export function tellGoneEndpoints(
  { present }: PushPlan,
  { endpoints }: KnownEntities,
  report: Reporting
): void {
  const gone = [...endpoints.values()].filter(
    ({ isDeleted, fullName, collection }) =>
      !isDeleted && present.collections.has(collection) && !present.endpoints.has(fullName)
  )
  const [first] = gone
  if (first === undefined) return
  report.warn(
    gone.length === 1
      ? `${first.fullName} is gone from the source, and stays because its collection does`
      : `${first.fullName} and ${gone.length - 1} more are gone from the source, and stay because their collections do`
  )
}
