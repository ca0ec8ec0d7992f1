import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'

/** A process of a measurement, which answers over its channel. */
export type Started = {
  readonly pid: number
  /** Its first message: the URL that it listens at, for one that listens. */
  readonly url: string
  /** Asks it something; it answers one question after the other. */
  ask(question: string): Promise<unknown>
  /** Ends it, and waits until it has ended. */
  end(): Promise<void>
}

/** Starts a file of this folder in a process of its own, and waits for its first message. */
export type Start = (file: string, ...args: string[]) => Promise<Started>

/** Milliseconds that a process gets to end by itself. */
const END_MS = 5_000

/**
 * Gives a measurement what it starts processes with, and ends them all when it is over, also when it
 * fails. Each also ends by itself when its channel closes, and so when this process is killed. What they
 * print goes to the standard error, where it does not mix with a result.
 */
export async function withProcesses<T>(measure: (start: Start) => Promise<T>): Promise<T> {
  const children: ChildProcess[] = []
  try {
    return await measure(async (file, ...args) => {
      const child = fork(new URL(file, import.meta.url), args, { stdio: ['ignore', 2, 2, 'ipc'] })
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
    // What calls ends before what it calls, which would complain.
    for (const child of children.toReversed()) await ended(child)
  }
}

async function nextMessage(child: ChildProcess, file: string): Promise<unknown> {
  const isOver = new AbortController()
  const { signal } = isOver
  const end = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`${file} ended with ${code} before it answered`)
  })
  // Whichever comes second is of no interest.
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
