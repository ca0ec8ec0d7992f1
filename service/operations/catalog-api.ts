import { oneAsker } from '../base/askers.ts'
import type { CatalogOptions } from '../model/catalog.ts'
import type { PackedJson } from '../model/packed-model.ts'
import { untilAborted } from '../time/deadline.ts'
import { requiredDocument } from './configuration.ts'
import type { Ports } from './session.ts'
import type { Caller } from './types.ts'

/**
 * Catalogs the API of the caller's document (docs/catalog.md). Needs no credential, and calls no API.
 *
 * @returns A `Catalog` as JSON.
 * @throws ConnectorError `CONFIG_REQUIRED` without a Schema URL, `CONFIG_INVALID`, `URL_INVALID`, `SAMPLE_UNKNOWN`,
 *   `DOCUMENT_*`, `COMPILER_*`.
 */
export async function catalogApi(
  { report }: Pick<Ports, 'report'>,
  { configuration, owner, deadline }: Caller,
  options: CatalogOptions
): Promise<PackedJson> {
  const request = requiredDocument(configuration)
  const asked = { of: 'catalog', options } as const
  return untilAborted(report(request, asked, oneAsker(owner)), deadline.signal)
}
