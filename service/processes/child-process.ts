import type { ChildProcess, Serializable } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Takes what an operator should see. */
export type Warn = (message: string, facts: { readonly [name: string]: unknown }) => void

export type ChildOptions = {
  /** What the process runs: a module that calls `answerTasks`. */
  readonly worker: URL
  /** Megabytes of heap that it may hold. */
  readonly memoryMb: number
  /** Further options of the engine. */
  readonly flags?: readonly string[]
  /** Is told how a process ended that nobody has ended. */
  readonly warn: Warn
}

/** A process that answers one task after another. */
export type Child = {
  readonly process: ChildProcess
  /** Resolves once it takes tasks; rejects when it ends before that. */
  readonly ready: Promise<void>
  /** Set before the service ends it. */
  isStopping: boolean
}

/** What came of a task: a reply, or that its time was over, or that the process ended. */
export type Outcome = { readonly reply: unknown } | 'slow' | 'ended'

/** Lines of a crash that are logged, and characters of standard error that they are taken from. */
const CRASH_LINES = 20
const CRASH_TEXT = 8 * 1024

/**
 * Starts a process for work that may take all time and memory there is. It gets nothing of this one:
 * neither its options nor its environment, which holds secrets.
 */
export function startChild({ worker, memoryMb, flags = [], warn }: ChildOptions): Child {
  const process = fork(fileURLToPath(worker), {
    execArgv: [`--max-old-space-size=${memoryMb}`, ...flags],
    serialization: 'advanced',
    env: {},
    stdio: ['ignore', 'ignore', 'pipe', 'ipc']
  })
  const started = Promise.withResolvers<void>()
  const child: Child = { process, ready: started.promise, isStopping: false }
  // Whoever waits for it hears of a failure; nobody has to wait.
  child.ready.catch(() => {})
  let errors = ''
  process.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-CRASH_TEXT)
  })
  process.on('error', started.reject)
  process.once('message', () => started.resolve())
  process.once('exit', () => started.reject(new Error('a process of the service did not start')))
  process.once('close', (code, signal) => {
    if (child.isStopping) return
    const facts = { worker: basename(worker.pathname), code, signal, lines: crashLines(errors) }
    warn('a process of the service has ended', facts)
  })
  return child
}

export function isAlive({ process }: Child): boolean {
  return process.exitCode === null && process.signalCode === null
}

/** Sets whether the process keeps this one from ending. */
export function setRef({ process }: Child, holds: boolean): void {
  for (const handle of [process, process.channel, process.stderr]) {
    if (!isHandle(handle)) continue
    if (holds) handle.ref()
    else handle.unref()
  }
}

/** A pipe is one too, which its type does not say. */
function isHandle(value: object | null | undefined): value is { ref(): void; unref(): void } {
  return value !== null && value !== undefined && 'ref' in value && 'unref' in value
}

/** Gives a task to a process, which must have none. */
export function runTask({ process }: Child, task: Serializable, timeMs: number): Promise<Outcome> {
  return new Promise(resolve => {
    // A reply that came while this process was busy is read before the time is called over.
    const timer = setTimeout(() => setImmediate(finish, 'slow'), timeMs)
    const ended = (): void => finish('ended')
    const replied = (reply: unknown): void => finish({ reply })
    const finish = (outcome: Outcome): void => {
      clearTimeout(timer)
      process.off('message', replied).off('exit', ended)
      resolve(outcome)
    }
    process.once('message', replied).once('exit', ended)
    process.send(task, () => {})
  })
}

/** Ends a process, and waits until it is gone. */
export async function stopChild(child: Child): Promise<void> {
  child.isStopping = true
  const { process } = child
  if (!isAlive(child)) return
  process.ref()
  process.kill('SIGKILL')
  await once(process, 'exit')
}

/**
 * What standard error says of a crash without quoting what was at work: frames, the words of the engine,
 * and of an error its name alone, since its message may hold the text that was read.
 */
function crashLines(errors: string): string[] {
  return errors
    .split('\n')
    .flatMap(line => /^(?:\s+at .+|FATAL ERROR: .+|# [A-Z].+|\w*Error\b)/.exec(line)?.[0] ?? [])
    .slice(-CRASH_LINES)
}
