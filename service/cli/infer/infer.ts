import { proposalJson } from '../../compiler/infer/proposal-json.ts'
import { proposeTypes } from '../../compiler/infer/propose-types.ts'
import { renderOverlay } from '../../compiler/infer/render-overlay.ts'
import type { OperationPatterns } from '../../model/compile-options.ts'
import { isManifest } from '../../parse/parse-document.ts'
import type { Settings } from '../../settings.ts'
import { parseLocation } from '../document/read-document.ts'
import type { ExitCode, Terminal } from '../terminal.ts'
import { CommandError } from '../terminal.ts'

export type InferOptions = OperationPatterns & {
  readonly json: boolean
  /** Applied to the document first, in this order. */
  readonly overlays: readonly string[]
}

/**
 * `openapi-flow infer DOC`: prints what types and mappings a document could have, as an Overlay document with reasons, or
 * as JSON. What a person has annotated is left as it is.
 *
 * @throws CommandError for a manifest.
 */
export async function infer(
  location: string,
  options: InferOptions,
  settings: Settings,
  terminal: Terminal
): Promise<ExitCode> {
  const { document } = await parseLocation(location, settings, terminal, options)
  if (isManifest(document)) {
    throw new CommandError('a manifest declares its types, so there is nothing to infer')
  }
  const proposal = proposeTypes(document, options)
  if (options.json) terminal.out(JSON.stringify(proposalJson(proposal), null, 2))
  else terminal.out(renderOverlay(document, proposal).trimEnd())
  if (proposal.resources.length === 0) {
    const isUsed = proposal.skipped.length === 0
    terminal.err(
      isUsed ? 'no operation is left that could be used' : 'nothing was found that could be a type'
    )
  }
  return 0
}
