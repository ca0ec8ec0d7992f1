import { oneAsker } from '../base/askers.ts'
import type { OperationPatterns } from '../model/compile-options.ts'
import type { PackedJson } from '../model/packed-model.ts'
import { untilAborted } from '../time/deadline.ts'
import { requiredDocument } from './configuration.ts'
import type { Ports } from './session.ts'
import type { Caller } from './types.ts'

/**
 * Proposes types and mappings for the caller's document (docs/x-flow.md#inference), whatever its `Inference` is. Needs no
 * credential, and calls no API.
 *
 * @param asked Beside `Include` and `Exclude` of the configuration.
 * @returns An `OverlayProposal` as JSON.
 * @throws ConnectorError as `catalogApi`.
 */
export async function proposeOverlay(
  { report }: Pick<Ports, 'report'>,
  { configuration, owner, deadline }: Caller,
  asked: OperationPatterns
): Promise<PackedJson> {
  const request = requiredDocument(configuration)
  const { include = [], exclude = [] } = request.compiling ?? {}
  const proposal = {
    of: 'proposal',
    include: asked.include.length > 0 ? asked.include : include,
    exclude: [...exclude, ...asked.exclude]
  } as const
  return untilAborted(report(request, proposal, oneAsker(owner)), deadline.signal)
}
