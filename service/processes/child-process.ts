import type { ChildProcess, Serializable } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

import { textMember } from '../base/json.ts'
import { compileCacheEnvironment } from './compile-cache.ts'

/** Logs a warning for the operator. */
export type Warn = (message: string, facts: { readonly [name: string]: unknown }) => void

export type ChildOptions = {
  /** Module to run, which calls `answerTasks`. */
  readonly worker: URL
  /** Heap limit in megabytes. */
  readonly memoryMb: number
  /** Further options for Node. */
  readonly flags?: readonly string[]
  /** Called when a process ends without being stopped. */
  readonly warn: Warn
}

/** A process that runs one task at a time. */
export type Child = {
  readonly process: ChildProcess
  /** Resolves when it accepts tasks, and to how it ended when it ends before that. */
  readonly ready: Promise<'ready' | Ending>
  /** How it ended, once it has. */
  readonly ended: Promise<Ending>
  /** Set before `stopChild` kills it. */
  isStopping: boolean
}

/**
 * How a process ended: by itself, which includes an error, its memory limit and being stopped by this process, or
 * `killed` by a signal from outside.
 */
export type Ending = 'crashed' | 'killed'

/** The reply to a task, `slow` when it timed out, or how its process ended. */
export type TaskOutcome = { readonly reply: unknown } | 'slow' | Ending

/** What the engine says when it ends its process itself. */
const FATAL = /^(?:FATAL ERROR|# Fatal)/m

/** Lines of a crash to log, and how many trailing characters of standard error to keep for them. */
const CRASH_LINES = 20
const STDERR_MAX = 8 * 1024

/**
 * Starts a process for work that may exhaust time and memory. It does not inherit the options of this
 * process, nor its environment, which holds secrets.
 */
export function startChild({ worker, memoryMb, flags = [], warn }: ChildOptions): Child {
  const process = fork(fileURLToPath(worker), {
    execArgv: [`--max-old-space-size=${memoryMb}`, ...flags],
    serialization: 'advanced',
    env: compileCacheEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc']
  })
  const started = Promise.withResolvers<'ready'>()
  const ended = Promise.withResolvers<Ending>()
  const child: Child = {
    process,
    ready: Promise.race([started.promise, ended.promise]),
    ended: ended.promise,
    isStopping: false
  }
  let stderr = ''
  process.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_MAX)
  })
  process.on('error', () => ended.resolve('crashed'))
  process.once('message', () => started.resolve('ready'))
  // Not `exit`: by now everything is there that it wrote.
  process.once('close', (code, signal) => {
    const isKilled = signal !== null && !child.isStopping && !FATAL.test(stderr)
    ended.resolve(isKilled ? 'killed' : 'crashed')
    if (child.isStopping) return
    const facts = { worker: basename(worker.pathname), code, signal, lines: crashLines(stderr) }
    warn('a process of the service has ended', facts)
  })
  return child
}

export function isAlive({ process }: Child): boolean {
  return process.exitCode === null && process.signalCode === null
}

/** Sets whether the child keeps the event loop of this process alive. */
export function setRef({ process }: Child, isRef: boolean): void {
  for (const handle of [process, process.channel, process.stderr]) {
    if (!isHandle(handle)) continue
    if (isRef) handle.ref()
    else handle.unref()
  }
}

/** Standard error is a socket, but its type says only that it is a stream. */
function isHandle(value: object | null | undefined): value is { ref(): void; unref(): void } {
  return value !== null && value !== undefined && 'ref' in value && 'unref' in value
}

/** Runs a task of any length in an idle process, and passes on what it says before its reply. */
export function runLongTask(
  { process, ended }: Child,
  task: Serializable,
  onNotice: (text: string) => void
): Promise<Exclude<TaskOutcome, 'slow'>> {
  return new Promise(resolve => {
    process.on('message', function onMessage(message: unknown) {
      const notice = textMember(message, 'notice')
      if (notice !== undefined) return onNotice(notice)
      process.off('message', onMessage)
      resolve({ reply: message })
    })
    void ended.then(resolve)
    process.send(task, () => {})
  })
}

/** Runs a task in an idle process. */
export function runTask(
  { process, ended }: Child,
  task: Serializable,
  timeMs: number
): Promise<TaskOutcome> {
  return new Promise(resolve => {
    // A reply may have arrived while the event loop was blocked: read it first.
    const timer = setTimeout(() => setImmediate(finish, 'slow'), timeMs)
    const onMessage = (reply: unknown): void => finish({ reply })
    const finish = (outcome: TaskOutcome): void => {
      clearTimeout(timer)
      process.off('message', onMessage)
      resolve(outcome)
    }
    process.once('message', onMessage)
    void ended.then(finish)
    process.send(task, () => {})
  })
}

/** Kills a process and waits for its exit. */
export async function stopChild(child: Child): Promise<void> {
  child.isStopping = true
  const { process } = child
  if (!isAlive(child)) return
  process.ref()
  process.kill('SIGKILL')
  await once(process, 'exit')
}

/**
 * Extracts the stack frames, the engine's fatal messages and the names of errors. Messages of errors are
 * left out, because they may quote the input.
 */
function crashLines(stderr: string): string[] {
  return stderr
    .split('\n')
    .flatMap(line => /^(?:\s+at .+|FATAL ERROR: .+|# [A-Z].+|\w*Error\b)/.exec(line)?.[0] ?? [])
    .slice(-CRASH_LINES)
}
