import type { JsonValue } from '../../base/json.ts'
import type { Proposal } from './proposal.ts'

/** A proposal as `openapi-flow infer --json` prints it (docs/terminal.md#infer). */
export function proposalJson({ resources, skipped }: Proposal): JsonValue {
  const written = resources.map(
    ({ at: _at, schema: _schema, keys: _keys, others: _others, ...resource }) => resource
  )
  return { resources: written, skipped: [...skipped] }
}
