import type { SourceDocument } from './document-source.ts'
import type { PartReader } from './read-part.ts'
import { ConnectorError } from '../errors.ts'
import { endedChild, isAlive, startedChild } from '../processes/child-process.ts'
import type { CompilerCalls, HostCalls } from './compile-calls.ts'
import type { CompileRules, Compiled } from './compile-task.ts'
import { createProcessCalls, NO_BYTES } from '../processes/process-calls.ts'

/** What compiling a document needs of the service. */
export type HostPorts = {
  readonly readPart: PartReader
  readonly isKnown: (version: string) => Promise<boolean>
}

export type ProcessOptions = {
  /** What the process runs. */
  readonly worker: URL
  /** Milliseconds for one document, without the time in which others are read that it refers to. */
  readonly timeMs: number
  /** Megabytes that it may hold. */
  readonly memoryMb: number
  /** Milliseconds without work after which it ends. */
  readonly idleMs: number
  readonly rules: CompileRules
}

/** A process that compiles one document after another. */
export type CompileProcess = {
  compile(root: SourceDocument, ports: HostPorts): Promise<Compiled>
  /** Whether it serves no more: it was ended, or ended by itself. */
  hasEnded(): boolean
  end(): Promise<void>
}

const NO_SIGNAL = new AbortController().signal

/**
 * Starts a process that compiles.
 *
 * @param onEnd Called once it serves no more.
 */
export async function startCompileProcess(
  options: ProcessOptions,
  onEnd: (ended: CompileProcess) => void
): Promise<CompileProcess> {
  const child = await startedChild(options.worker, {
    execArgv: [
      `--max-old-space-size=${options.memoryMb}`,
      '--max-semi-space-size=8',
      '--expose-gc'
    ],
    serialization: 'advanced'
  })
  // A process without work keeps nobody from ending.
  const rest = (): void => {
    child.unref()
    child.channel?.unref()
    idleTimer = setTimeout(() => void compileProcess.end(), options.idleMs).unref()
  }
  const work = (): void => {
    clearTimeout(idleTimer)
    child.ref()
    child.channel?.ref()
  }
  /** Whom the document at work belongs to. */
  let ports: HostPorts | null = null
  let idleTimer: NodeJS.Timeout
  let extend = (): void => {}
  let isOver = false

  const host: HostCalls = {
    async readPart({ reading, url }) {
      if (ports === null) throw new Error('no document is being compiled')
      extend()
      const { packed, ...facts } = await ports.readPart(url, NO_SIGNAL, async candidate => {
        const { packed: bytes, ...seen } = candidate
        await calls.call('judge', { reading, candidate: seen }, bytes)
      })
      return [facts, packed]
    },
    async isKnown({ version }) {
      return [(await ports?.isKnown(version)) === true, NO_BYTES]
    }
  }
  const calls = createProcessCalls<CompilerCalls>(message => child.send(message, () => {}), host)
  child.on('message', message => calls.receive(message))

  const compileProcess: CompileProcess = {
    async compile(root, given) {
      work()
      ports = given
      const { url } = root
      const tooLong = (): void => {
        const reason = `compiling it takes more than ${options.timeMs} ms`
        giveUp(new ConnectorError('DOCUMENT_TOO_COMPLEX', { url, reason }))
      }
      const tooLarge = (): void => {
        const reason = `compiling it takes more than ${options.memoryMb} MB, or ends its process`
        giveUp(new ConnectorError('DOCUMENT_TOO_COMPLEX', { url, reason }))
      }
      const giveUp = (problem: ConnectorError): void => {
        isOver = true
        calls.end(problem)
        child.kill('SIGKILL')
      }
      // An answer that came while this process was busy is read before the time is called over.
      const start = (ms: number) => setTimeout(() => setImmediate(tooLong), ms)
      let timer = start(options.timeMs)
      extend = () => {
        extend = () => {}
        clearTimeout(timer)
        timer = start(options.timeMs + options.rules.limits.UPSTREAM_TIMEOUT_MS)
      }
      child.once('exit', tooLarge)
      try {
        const { packed, ...facts } = root
        const task = { root: facts, rules: options.rules }
        const [{ isKnown, ...found }, bytes] = await calls.call('compile', task, packed)
        return { ...found, model: isKnown ? null : bytes }
      } finally {
        clearTimeout(timer)
        child.off('exit', tooLarge)
        ports = null
        rest()
      }
    },
    hasEnded: () => isOver || !isAlive(child),
    async end() {
      isOver = true
      clearTimeout(idleTimer)
      await endedChild(child)
    }
  }
  child.once('exit', () => onEnd(compileProcess))
  rest()
  return compileProcess
}
