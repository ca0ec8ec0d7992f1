import type { Askers } from '../base/askers.ts'
import type { ProblemCopy } from '../errors.ts'
import { ConnectorError } from '../errors.ts'
import type { CatalogOptions } from '../model/catalog.ts'
import type { OperationPatterns } from '../model/compile-options.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { PackedJson, PackedModel } from '../model/packed-model.ts'
import type { Outline } from '../parse/link-document.ts'
import type { PoolOptions, ProcessPool, TaskFault } from '../processes/process-pool.ts'
import { createProcessPool } from '../processes/process-pool.ts'
import type { DerivedTypeBounds } from '../settings.ts'
import type { GatheredTexts } from './parse-source.ts'
import type { ModelOptions, SourceText, TextUse } from './source-document.ts'

/** A task for a compile process. It holds everything that the process gets to see. */
export type CompileTask =
  | {
      readonly kind: 'compile'
      readonly root: SourceText
      /** Null while the references of the document are unknown. */
      readonly gathered: GatheredTexts | null
      readonly bounds: DerivedTypeBounds
      readonly options: ModelOptions
    }
  | {
      readonly kind: 'outline'
      readonly part: SourceText
      readonly rootBase: string
      readonly use: TextUse
    }
  | {
      readonly kind: 'report'
      readonly root: SourceText
      /** As of `compile`. */
      readonly gathered: GatheredTexts | null
      readonly bounds: DerivedTypeBounds
      readonly options: ModelOptions
      readonly request: ReportTask
    }

/** A report on a document: its catalog, the types that it could have, or its texts. */
export type ReportRequest =
  | { readonly of: 'catalog'; readonly options: CatalogOptions }
  | ({ readonly of: 'proposal' } & OperationPatterns)
  | { readonly of: 'texts' }

/** What a report is asked for. */
export type ReportTask = {
  readonly asked: ReportRequest
  /** What reading the document has shown, told before what the report shows. */
  readonly diagnostics: readonly Diagnostic[]
}

/** The model of a document, or an outline of the parts to gather before it can be compiled. */
export type Compiled = { readonly model: PackedModel } | { readonly outline: Outline }

/** A `Catalog`, an `OverlayProposal` or `DocumentTexts` as JSON, or an outline of the parts to gather first. */
export type Reported = { readonly report: PackedJson } | { readonly outline: Outline }

export type CompileReply =
  | Compiled
  | Reported
  | { readonly problem: ProblemCopy }
  /** Stack trace of an error that is not a ConnectorError. */
  | { readonly stack: string }

/** Compiles documents with bounded concurrency. */
export type Compiler = {
  /** Starts a process ahead of the first document. */
  prepare(): Promise<void>
  /**
   * Compiles a document, or outlines it when it refers to other documents that are not gathered yet.
   *
   * @param askers In whose queues the task waits; the earliest turn counts.
   * @throws ConnectorError those of `parseDocument` and `readOverlay`; `DOCUMENT_TOO_COMPLEX` when compiling exceeds its
   *   time or memory; `COMPILER_BUSY` when all these queues are full; `COMPILER_ENDED` when its process was ended
   *   from outside, twice. Error once it is closed.
   */
  compile(
    root: SourceText,
    gathered: GatheredTexts | null,
    askers: Askers,
    options?: ModelOptions
  ): Promise<Compiled>
  /**
   * Reports on a document, as `compile` does.
   *
   * @throws ConnectorError as `compile`.
   */
  report(
    root: SourceText,
    gathered: GatheredTexts | null,
    request: ReportTask,
    askers: Askers,
    options?: ModelOptions
  ): Promise<Reported>
  /**
   * Lists the references of a part; or checks an overlay, or a document alone.
   *
   * @param rootBase `base` of the root document.
   * @param use Default `part`.
   * @throws ConnectorError those of `parsePart`, `readOverlay` or `parseDocument`, else as `compile`.
   */
  outline(part: SourceText, rootBase: string, askers: Askers, use?: TextUse): Promise<Outline>
  close(): Promise<void>
}

export type CompilerOptions = Omit<
  PoolOptions<CompileReply>,
  'waitingOfOwner' | 'flags' | 'isReply'
> & {
  readonly bounds: DerivedTypeBounds
}

/** Queued tasks per owner. */
const WAITING_MAX = 16

/** `Retry-After` of `COMPILER_BUSY` and `COMPILER_ENDED`, in seconds. */
const BUSY_SECONDS = 2

/** Compiles in child processes, started on demand. */
export function createCompilePool(options: CompilerOptions): Compiler {
  const pool: ProcessPool<CompileTask, CompileReply> = createProcessPool({
    ...options,
    waitingOfOwner: WAITING_MAX,
    flags: ['--max-semi-space-size=8', '--expose-gc'],
    isReply
  })
  const run = async (
    task: CompileTask,
    url: string,
    askers: Askers
  ): Promise<Compiled | Reported> => {
    const outcome = await pool.run(task, askers)
    if ('fault' in outcome) throw faultError(outcome.fault, url, options)
    const { reply } = outcome
    if ('problem' in reply) throw new ConnectorError(reply.problem)
    if (!('stack' in reply)) return reply
    throw Object.assign(new Error('another process of the service failed'), reply)
  }
  const { bounds } = options
  return {
    prepare: () => pool.prepare(),
    async compile(root, gathered, askers, model = {}) {
      const task = { kind: 'compile', ...toTask(root, gathered, model), bounds } as const
      const reply = await run(task, root.url, askers)
      if ('report' in reply) throw wrongReply(task)
      return reply
    },
    async report(root, gathered, request, askers, model = {}) {
      const task = { kind: 'report', ...toTask(root, gathered, model), bounds, request } as const
      const reply = await run(task, root.url, askers)
      if ('model' in reply) throw wrongReply(task)
      return reply
    },
    async outline(part, rootBase, askers, use = 'part') {
      const task = { kind: 'outline', part: toSourceText(part), rootBase, use } as const
      const reply = await run(task, part.url, askers)
      if ('outline' in reply) return reply.outline
      throw wrongReply(task)
    },
    close: () => pool.close()
  }
}

function wrongReply({ kind }: CompileTask): Error {
  return new Error(`a compile process answered another task than ${kind}`)
}

/** The texts of a document as a process gets them. */
function toTask(
  root: SourceText,
  gathered: GatheredTexts | null,
  { overlays = null, ...model }: ModelOptions
): Pick<Extract<CompileTask, { readonly kind: 'compile' }>, 'root' | 'gathered' | 'options'> {
  const texts = gathered && {
    targets: gathered.targets,
    parts: gathered.parts.map(toSourceText)
  }
  const applied = overlays && { ...overlays, texts: overlays.texts.map(toSourceText) }
  return { root: toSourceText(root), gathered: texts, options: { ...model, overlays: applied } }
}

/** Leaves out the text key, which depends on the token. */
function toSourceText({ url, base, packed, contentType }: SourceText): SourceText {
  return { url, base, packed, contentType }
}

function faultError(fault: TaskFault, url: string, { timeMs, memoryMb }: CompilerOptions): Error {
  if (fault === 'closed') return new Error('the compile pool is closed')
  if (fault === 'busy') {
    const retry = { retryAfterSeconds: BUSY_SECONDS }
    return new ConnectorError('COMPILER_BUSY', { limit: WAITING_MAX }, retry)
  }
  if (fault === 'killed') {
    return new ConnectorError('COMPILER_ENDED', { url }, { retryAfterSeconds: BUSY_SECONDS })
  }
  const excess = fault === 'slow' ? `${timeMs} ms` : `${memoryMb} MB, or ends its process`
  const reason = `compiling it takes more than ${excess}`
  return new ConnectorError('DOCUMENT_TOO_COMPLEX', { url, reason })
}

/** The worker is part of this version, so the discriminating member vouches for the rest. */
function isReply(message: unknown): message is CompileReply {
  if (typeof message !== 'object' || message === null) return false
  return ['model', 'report', 'outline', 'problem', 'stack'].some(kind => kind in message)
}
