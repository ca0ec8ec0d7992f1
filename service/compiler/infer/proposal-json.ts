import type { Proposal, ProposedResource } from './proposal.ts'

/** A proposal as `openapi-flow infer --json` prints it (docs/terminal.md#infer). */
export type ProposalJson = Pick<Proposal, 'skipped'> & {
  readonly resources: readonly Omit<ProposedResource, 'at' | 'schema' | 'keys' | 'others'>[]
}

export function proposalJson({ resources, skipped }: Proposal): ProposalJson {
  const written = resources.map(
    ({ at: _at, schema: _schema, keys: _keys, others: _others, ...resource }) => resource
  )
  return { resources: written, skipped }
}
