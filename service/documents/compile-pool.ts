import { createFairQueue } from '../base/fair-queue.ts'
import type { SourceDocument } from './document-source.ts'
import { ConnectorError } from '../errors.ts'
import type { CompileProcess, HostPorts, ProcessOptions } from './compile-process.ts'
import { startCompileProcess } from './compile-process.ts'
import type { Compiled } from './compile-task.ts'

/** Compiles documents, a bounded number at once. */
export type Compiler = {
  /** Starts a process, so that the first document need not wait for one. */
  prepare(): Promise<void>
  /**
   * Compiles a document when it is its owner's turn.
   *
   * @param owner Whose turn it takes: the tenant.
   * @throws ConnectorError those of `compileDocument`, `DOCUMENT_TOO_COMPLEX` for one that takes too long
   *   or too much memory, `COMPILER_BUSY` when too many of the owner wait already.
   */
  compile(root: SourceDocument, owner: string, ports: HostPorts): Promise<Compiled>
  /** Ends its processes. */
  close(): Promise<void>
}

export type CompilerOptions = ProcessOptions & {
  /** Documents that are compiled at the same time, each in a process of its own. */
  readonly processes: number
}

/** Documents of an owner that may wait while others are compiled. */
const WAITING_MAX = 16

/** Seconds after which a queue has moved on. */
const BUSY_SECONDS = 2

/** Compiles in child processes, which start when they are needed. */
export function createCompileProcesses(options: CompilerOptions): Compiler {
  const queue = createFairQueue({ running: options.processes, waiting: WAITING_MAX })
  const idle: CompileProcess[] = []
  const all = new Set<CompileProcess>()

  const start = async (): Promise<CompileProcess> => {
    const started = await startCompileProcess(options, ended => all.delete(ended))
    all.add(started)
    return started
  }
  const take = async (): Promise<CompileProcess> => {
    for (let next = idle.pop(); next !== undefined; next = idle.pop()) {
      if (!next.hasEnded()) return next
    }
    return start()
  }
  return {
    async prepare() {
      idle.push(await start())
    },
    async compile(root, owner, ports) {
      const turn = Promise.withResolvers<void>()
      const leave = queue.enter(owner, turn.resolve)
      if (leave === null) {
        const retry = { retryAfterSeconds: BUSY_SECONDS }
        throw new ConnectorError('COMPILER_BUSY', { limit: WAITING_MAX }, retry)
      }
      try {
        await turn.promise
        const process = await take()
        try {
          return await process.compile(root, ports)
        } finally {
          if (!process.hasEnded()) idle.push(process)
        }
      } finally {
        leave()
      }
    },
    async close() {
      await Promise.all([...all].map(process => process.end()))
    }
  }
}
