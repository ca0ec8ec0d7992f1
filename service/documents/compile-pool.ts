import type { ProblemCopy } from '../errors.ts'
import { ConnectorError } from '../errors.ts'
import type { PackedModel } from '../model/packed-model.ts'
import type { Outline } from '../parse/link-document.ts'
import type { PoolOptions, ProcessPool, TaskFault } from '../processes/process-pool.ts'
import { createProcessPool } from '../processes/process-pool.ts'
import type { GatheredTexts } from './parse-source.ts'
import type { SourceText } from './source-document.ts'

/** Bounds on the types that are derived from nested schemas. */
export type CompileBounds = { readonly perType: number; readonly total: number }

/** What a process that compiles is asked for, and all that it gets. */
export type CompileTask =
  | {
      readonly kind: 'compile'
      readonly root: SourceText
      /** Null where nothing is known of what the document refers to. */
      readonly gathered: GatheredTexts | null
      readonly bounds: CompileBounds
    }
  | { readonly kind: 'outline'; readonly part: SourceText; readonly rootBase: string }

/** The model of a document; or what has to be gathered before it can be compiled. */
export type Compiled = { readonly model: PackedModel } | { readonly outline: Outline }

export type CompileReply =
  | Compiled
  | { readonly problem: ProblemCopy }
  /** A failure that is no ConnectorError, and where it came from. */
  | { readonly stack: string }

/** Compiles documents, a bounded number at once. */
export type Compiler = {
  /** Starts a process, so that the first document need not wait for one. */
  prepare(): Promise<void>
  /**
   * Compiles a document when it is its owner's turn. One that refers to others is compiled once they are
   * gathered, and outlined before that.
   *
   * @param owner Whose turn it takes: the tenant.
   * @throws ConnectorError those of `parseDocument`, `DOCUMENT_TOO_COMPLEX` for one that takes too long
   *   or too much memory, `COMPILER_BUSY` when too many of the owner wait already; Error once it is closed.
   */
  compile(root: SourceText, gathered: GatheredTexts | null, owner: string): Promise<Compiled>
  /**
   * Lists what a part refers to.
   *
   * @param rootBase The `base` of the document.
   * @throws ConnectorError those of `parsePart`, and else as `compile`.
   */
  outline(part: SourceText, rootBase: string, owner: string): Promise<Outline>
  /** Ends its processes. */
  close(): Promise<void>
}

export type CompilerOptions = Omit<PoolOptions<CompileReply>, 'waiting' | 'flags' | 'isReply'> & {
  readonly bounds: CompileBounds
}

/** Tasks of an owner that may wait while others are done. */
const WAITING_MAX = 16

/** Seconds after which a queue has moved on. */
const BUSY_SECONDS = 2

/** Compiles in child processes, which start when they are needed. */
export function createCompileProcesses(options: CompilerOptions): Compiler {
  const pool: ProcessPool<CompileTask, CompileReply> = createProcessPool({
    ...options,
    waiting: WAITING_MAX,
    flags: ['--max-semi-space-size=8', '--expose-gc'],
    isReply
  })
  const run = async (task: CompileTask, url: string, owner: string): Promise<Compiled> => {
    const outcome = await pool.run(task, owner)
    if ('fault' in outcome) throw faultError(outcome.fault, url, options)
    const { reply } = outcome
    if ('problem' in reply) throw new ConnectorError(reply.problem)
    if (!('stack' in reply)) return reply
    throw Object.assign(new Error('another process of the service failed'), reply)
  }
  return {
    prepare: () => pool.prepare(),
    compile(root, gathered, owner) {
      const { bounds } = options
      const texts = gathered && { ends: gathered.ends, parts: gathered.parts.map(textOf) }
      const task = { kind: 'compile', root: textOf(root), gathered: texts, bounds } as const
      return run(task, root.url, owner)
    },
    async outline(part, rootBase, owner) {
      const task = { kind: 'outline', part: textOf(part), rootBase } as const
      const reply = await run(task, part.url, owner)
      if ('outline' in reply) return reply.outline
      throw new Error('a process that compiles has replied to something else')
    },
    close: () => pool.close()
  }
}

/** What a process gets of a document: nothing of who may read it. */
function textOf({ url, base, packed, contentType }: SourceText): SourceText {
  return { url, base, packed, contentType }
}

function faultError(fault: TaskFault, url: string, { timeMs, memoryMb }: CompilerOptions): Error {
  switch (fault) {
    case 'busy': {
      const retry = { retryAfterSeconds: BUSY_SECONDS }
      return new ConnectorError('COMPILER_BUSY', { limit: WAITING_MAX }, retry)
    }
    case 'slow': {
      const reason = `compiling it takes more than ${timeMs} ms`
      return new ConnectorError('DOCUMENT_TOO_COMPLEX', { url, reason })
    }
    case 'large': {
      const reason = `compiling it takes more than ${memoryMb} MB, or ends its process`
      return new ConnectorError('DOCUMENT_TOO_COMPLEX', { url, reason })
    }
    case 'closed':
      return new Error('the service stops, and compiles no more')
  }
}

/** The worker is ours, and of this version: which kind of reply it is says what is in it. */
function isReply(message: unknown): message is CompileReply {
  if (typeof message !== 'object' || message === null) return false
  return ['model', 'outline', 'problem', 'stack'].some(kind => kind in message)
}
