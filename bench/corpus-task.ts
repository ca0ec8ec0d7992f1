import type { Diagnostic } from '../service/model/diagnostic.ts'

/**
 * What is done with a document: `plain` compiles it as the service does, and plans a request for each mapping;
 * `annotated` compiles it with the keys of `annotateDocument`; `rules` checks it against the rules of OpenAPI, and its
 * examples against their schemas.
 */
export const FORMS = ['plain', 'annotated', 'rules'] as const
export type CorpusForm = (typeof FORMS)[number]

export type CorpusTask = { readonly file: string; readonly form: CorpusForm }

export type CorpusReply = {
  /** Code of the problem for which it was refused; a stack for an error that is none. */
  readonly problem: string | null
  readonly stack: string | null
  /** CPU time of parsing, and of compiling and packing or of the rules (ms). */
  readonly milliseconds: number
  /** The most resident memory of the process meanwhile, the process itself included. */
  readonly peakBytes: number
  readonly types: number
  readonly mappings: number
  /** Of the mappings that call the API, by verb: how many there are. */
  readonly calls: { readonly [verb: string]: number }
  /** Those for which no request could be planned, with the code of the problem. */
  readonly unplanned: readonly { readonly key: string; readonly problem: string }[]
  readonly diagnostics: readonly Diagnostic[]
}
