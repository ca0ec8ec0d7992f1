import { createHash } from 'node:crypto'

import { splitPath } from '../../base/dotted-path.ts'
import type { Compilation } from '../compilation.ts'
import type { DeclaredAnswer } from '../endpoint/compile-answer.ts'
import type { TypeDraft } from '../schema/compile-types.ts'
import { sampleSchema } from './made-schema.ts'
import type { OperationRecord } from '../../model/endpoint-record.ts'
import type { SampleRecord, SampleSchema } from '../../model/example-record.ts'

/**
 * What an example can be made from where the document declares none (x-flow 9): a bounded copy of the
 * answer's schema; for a read whose answer has none to speak of, one of the type where the objects stand.
 *
 * @returns Undefined when no schema says what the answer holds.
 */
export function compileSample(
  compilation: Compilation,
  draft: TypeDraft,
  record: OperationRecord,
  answer: DeclaredAnswer
): SampleRecord | undefined {
  const declared =
    answer.schema === undefined ? undefined : sampleSchema(compilation, answer.schema)
  const schema = declared ?? sampleOfType(compilation, draft, record)
  if (schema === undefined) return undefined
  return { schema, seed: seedOf(compilation.documentUrl, record.key) }
}

function sampleOfType(
  compilation: Compilation,
  { named }: TypeDraft,
  { verb, records }: OperationRecord
): SampleSchema | undefined {
  if (named === null || (verb !== 'load' && verb !== 'query')) return undefined
  const own = sampleSchema(compilation, { schema: named.schema, at: named.at })
  if (own === undefined) return undefined
  const listed: SampleSchema =
    verb === 'query' ? { type: 'array', items: own, minItems: 1, maxItems: 1 } : own
  return splitPath(records.at === 'path' ? records.path : '').reduceRight<SampleSchema>(
    (inner, part) => ({ type: 'object', properties: { [part]: inner } }),
    listed
  )
}

/** A number that is the same wherever and whenever the document is compiled. */
function seedOf(documentUrl: string, key: string): number {
  return createHash('sha256').update(`${documentUrl}\n${key}`).digest().readInt32BE(0)
}
