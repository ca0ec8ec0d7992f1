import type { KnownEntity } from '../push/kept-edits.ts'
import { readKnownEntity } from '../push/kept-edits.ts'
import { fullName } from '../server/entity-names.ts'
import type { MetadataClient } from '../server/metadata-client.ts'
import { statusOf } from '../server/metadata-client.ts'

/** What is asked for of each entity. Servers that do not know a name refuse it, and show most of it unasked. */
const FIELDS = [{ fields: 'sourceHash,tags' }, { fields: 'tags' }, {}] as const

/**
 * Lists the collections or endpoints of a service that a server has, by their full names, with those that were deleted
 * softly.
 *
 * @throws ConnectorError as the calls of a MetadataClient.
 */
export async function listKnown(
  client: MetadataClient,
  path: 'apiCollections' | 'apiEndpoints',
  service: string
): Promise<ReadonlyMap<string, KnownEntity>> {
  for (const fields of FIELDS) {
    try {
      return await readAll(client, path, { service: fullName(service), include: 'all', ...fields })
    } catch (error) {
      if (statusOf(error) !== 400 || !('fields' in fields)) throw error
    }
  }
  return new Map()
}

async function readAll(
  client: MetadataClient,
  path: string,
  query: { readonly [name: string]: string }
): Promise<ReadonlyMap<string, KnownEntity>> {
  const known = new Map<string, KnownEntity>()
  for await (const entity of client.list(path, query)) {
    const read = readKnownEntity(entity)
    if (read !== undefined) known.set(read.fullName, read)
  }
  return known
}
