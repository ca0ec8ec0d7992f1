import { oneAsker } from '../base/askers.ts'
import type { PackedJson } from '../model/packed-model.ts'
import { untilAborted } from '../time/deadline.ts'
import { requiredDocument } from './configuration.ts'
import type { Ports } from './session.ts'
import type { Caller } from './types.ts'

/**
 * Reads the texts of the caller's document: its own, those of its overlays, and those of its parts. Only what can be
 * compiled is answered, so that the service hands out documents and nothing else that it can reach.
 *
 * @returns A `DocumentTexts` as JSON.
 * @throws ConnectorError as `catalogApi`.
 */
export async function readDocumentTexts(
  { report }: Pick<Ports, 'report'>,
  { configuration, owner, deadline }: Caller
): Promise<PackedJson> {
  const request = requiredDocument(configuration)
  return untilAborted(report(request, { of: 'texts' }, oneAsker(owner)), deadline.signal)
}
