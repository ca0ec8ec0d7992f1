import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'

/** A process of a measurement, which answers over its channel. */
export type Started = {
  readonly pid: number
  /** Its first message, such as the URL of a server. */
  readonly url: string
  /** Asks it something; it answers one question after the other. */
  ask(question: string): Promise<unknown>
  /** Ends it, and waits until it has ended. */
  end(): Promise<void>
}

/** Starts a file of this folder as a process and waits for its first message. */
export type Start = (file: string, ...args: string[]) => Promise<Started>

/** Milliseconds that a process gets to end by itself. */
const END_MS = 5_000

/**
 * Runs a measurement that starts processes, and ends them all afterwards, also after a failure. Each also
 * ends when its channel closes, and so when this process is killed. Their output goes to standard error, so
 * that it does not mix with results.
 */
export async function withProcesses<T>(measure: (start: Start) => Promise<T>): Promise<T> {
  const children: ChildProcess[] = []
  try {
    return await measure(async (file, ...args) => {
      const child = fork(new URL(file, import.meta.url), args, {
        stdio: ['ignore', 2, 2, 'ipc'],
        // Not those of a run of tests.
        execArgv: []
      })
      children.push(child)
      const url = String(await nextMessage(child, file))
      return {
        pid: child.pid ?? 0,
        url,
        ask(question) {
          const answer = nextMessage(child, file)
          child.send(question)
          return answer
        },
        end: () => ended(child)
      }
    })
  } finally {
    // In reverse order: a client ends before its server.
    for (const child of children.toReversed()) await ended(child)
  }
}

async function nextMessage(child: ChildProcess, file: string): Promise<unknown> {
  const isOver = new AbortController()
  const { signal } = isOver
  const end = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`${file} ended with ${code} before it answered`)
  })
  // Avoids an unhandled rejection if the process ends after its message.
  end.catch(() => {})
  try {
    const [message] = await Promise.race([once(child, 'message', { signal }), end])
    return message
  } finally {
    isOver.abort()
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  const late = setTimeout(() => child.kill('SIGKILL'), END_MS)
  if (child.connected) child.disconnect()
  await exit
  clearTimeout(late)
}
