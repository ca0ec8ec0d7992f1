import { pointer } from '../../base/json-pointer.ts'
import type { Compilation } from '../compilation.ts'
import type { DeclaredMapping } from '../schema/named-types.ts'
import type { BodyRecord } from '../../model/endpoint-record.ts'

/**
 * How many objects a save sends in one request at the most (x-flow 4, `batch`); null: each alone. Where
 * several objects cannot be sent at once the word is a diagnostic and counts for nothing.
 */
export function compileBatch(
  compilation: Compilation,
  { verb, at, extension }: DeclaredMapping,
  body: BodyRecord | null
): number | null {
  if (extension.batch === undefined) return null
  const reason =
    verb !== 'save'
      ? 'only new objects are sent together'
      : body?.encoding !== 'json'
        ? 'the operation takes no JSON body'
        : null
  if (reason === null) return extension.batch.size
  compilation.report.add('BATCH_UNUSABLE', pointer(at, 'batch'), {
    key: `x-flow-${verb}`,
    path: extension.path,
    reason
  })
  return null
}
