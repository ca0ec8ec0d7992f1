import type { SourceDocument } from './document-source.ts'
import type { CompileRules, Compiled } from './compile-task.ts'
import type { Call } from '../processes/process-calls.ts'

/** A document without its bytes, which go beside it. */
export type DocumentFacts = Omit<SourceDocument, 'packed'>

/** What the process that compiles does. */
export type CompilerCalls = {
  /** Bytes: the packed text, and back the packed model, none where it is known. */
  readonly compile: Call<
    { readonly root: DocumentFacts; readonly rules: CompileRules },
    Omit<Compiled, 'model'> & { readonly isKnown: boolean }
  >
  /** Judges a part that was just fetched, whose packed text the bytes are. */
  readonly judge: Call<{ readonly reading: number; readonly candidate: DocumentFacts }, null>
}

/** What the service does for it meanwhile. */
export type HostCalls = {
  /** Reads a part; its packed text comes beside it. */
  readonly readPart: Call<{ readonly reading: number; readonly url: string }, DocumentFacts>
  readonly isKnown: Call<{ readonly version: string }, boolean>
}
