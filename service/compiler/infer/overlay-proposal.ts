import type { ParsedDocument } from '../../parse/parse-document.ts'
import type { Proposal } from './proposal.ts'
import type { ProposalJson } from './proposal-json.ts'
import { proposalJson } from './proposal-json.ts'
import { renderOverlay } from './render-overlay.ts'

/** What `POST /overlay` answers: a proposal as `infer --json` prints it, and its overlay as `infer` does. */
export type OverlayProposal = ProposalJson & { readonly overlay: string }

export function overlayProposal(document: ParsedDocument, proposal: Proposal): OverlayProposal {
  return { overlay: renderOverlay(document, proposal), ...proposalJson(proposal) }
}
