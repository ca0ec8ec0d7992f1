import { createHash } from 'node:crypto'

import { splitPath } from '../../base/dotted-path.ts'
import type { Compilation } from '../compilation.ts'
import type { DeclaredAnswer } from '../endpoint/compile-answer.ts'
import type { TypeDraft } from '../schema/compile-types.ts'
import { madeExampleSchema } from './made-example-schema.ts'
import type { OperationRecord } from '../../model/endpoint-record.ts'
import type { MadeExampleRecord, MadeExampleSchema } from '../../model/example-record.ts'

/**
 * What an example can be made from where the document declares none (x-flow 9): a bounded copy of the
 * answer's schema; for a read whose answer has none to speak of, one of the type where the objects stand.
 *
 * @returns Undefined when no schema says what the answer holds.
 */
export function compileMadeExample(
  compilation: Compilation,
  draft: TypeDraft,
  record: OperationRecord,
  answer: DeclaredAnswer
): MadeExampleRecord | undefined {
  const declared =
    answer.schema === undefined ? undefined : madeExampleSchema(compilation, answer.schema)
  const schema = declared ?? madeExampleOfType(compilation, draft, record)
  if (schema === undefined) return undefined
  return { schema, seed: seedOf(compilation.documentUrl, record.key) }
}

function madeExampleOfType(
  compilation: Compilation,
  { named }: TypeDraft,
  { verb, records }: OperationRecord
): MadeExampleSchema | undefined {
  if (named === null || (verb !== 'load' && verb !== 'query')) return undefined
  const own = madeExampleSchema(compilation, { schema: named.schema, at: named.at })
  if (own === undefined) return undefined
  const listed: MadeExampleSchema =
    verb === 'query' ? { type: 'array', items: own, minItems: 1, maxItems: 1 } : own
  return splitPath(records.at === 'path' ? records.path : '').reduceRight<MadeExampleSchema>(
    (inner, part) => ({ type: 'object', properties: { [part]: inner } }),
    listed
  )
}

/** A number that is the same wherever and whenever the document is compiled. */
function seedOf(documentUrl: string, key: string): number {
  return createHash('sha256').update(`${documentUrl}\n${key}`).digest().readInt32BE(0)
}
