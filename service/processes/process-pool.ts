import type { Serializable } from 'node:child_process'

import { createFairQueue } from '../base/fair-queue.ts'
import type { Child, ChildOptions } from './child-process.ts'
import { runTask, stopChild, setRef, isAlive, startChild } from './child-process.ts'

/**
 * Why a task has no reply: too many of its owner wait; it took too long; it took too much memory, or
 * ended its process otherwise; the pool was closed.
 */
export type TaskFault = 'busy' | 'slow' | 'large' | 'closed'

export type PoolOptions<Reply> = ChildOptions & {
  /** Tasks at work at the same time, each in a process of its own. */
  readonly processes: number
  /** Tasks of one owner that may wait. */
  readonly waiting: number
  /** Milliseconds for one task, from when a process begins with it. */
  readonly timeMs: number
  /** Milliseconds without work after which a process ends. */
  readonly idleMs: number
  /** Checks what the worker sent. */
  readonly isReply: (message: unknown) => message is Reply
}

/** Child processes with bounds in time, memory and turns. */
export type ProcessPool<Task, Reply> = {
  /** Starts a process, so that the first task need not wait for one. */
  prepare(): Promise<void>
  /**
   * Has a task done when it is its owner's turn.
   *
   * @throws Error when no process starts.
   */
  run(task: Task, owner: string): Promise<{ readonly reply: Reply } | { readonly fault: TaskFault }>
  /** Ends the processes, those that are starting too; whoever waits is told. */
  close(): Promise<void>
}

/** A process without work, and what ends it. */
type Resting = { readonly child: Child; readonly timer: NodeJS.Timeout }

/** Processes start when they are needed, and do one task after another. */
export function createProcessPool<Task extends Serializable, Reply>(
  options: PoolOptions<Reply>
): ProcessPool<Task, Reply> {
  const queue = createFairQueue({ running: options.processes, waiting: options.waiting })
  const children = new Set<Child>()
  const resting: Resting[] = []
  let isClosed = false

  const start = async (): Promise<Child> => {
    const child = startChild(options)
    children.add(child)
    child.process.once('exit', () => children.delete(child))
    await child.ready
    return child
  }
  const rest = (child: Child): void => {
    setRef(child, false)
    const timer = setTimeout(() => void stopChild(child), options.idleMs).unref()
    resting.push({ child, timer })
  }
  const take = async (): Promise<Child> => {
    for (let next = resting.pop(); next !== undefined; next = resting.pop()) {
      clearTimeout(next.timer)
      if (next.child.isStopping || !isAlive(next.child)) continue
      setRef(next.child, true)
      return next.child
    }
    return start()
  }
  const perform = async (task: Task) => {
    const child = await take()
    const outcome = await runTask(child, task, options.timeMs)
    if (outcome === 'slow') await stopChild(child)
    if (typeof outcome === 'string')
      return { fault: outcome === 'slow' ? outcome : 'large' } as const
    rest(child)
    if (options.isReply(outcome.reply)) return { reply: outcome.reply }
    throw new Error('a process of the service has sent something else than a reply')
  }
  return {
    async prepare() {
      rest(await start())
    },
    async run(task, owner) {
      const turn = Promise.withResolvers<void>()
      const leave = queue.enter(owner, turn.resolve)
      if (leave === null) return { fault: 'busy' }
      try {
        await turn.promise
        const done = isClosed ? null : await perform(task)
        return done === null || (isClosed && 'fault' in done) ? { fault: 'closed' } : done
      } catch (error) {
        if (isClosed) return { fault: 'closed' }
        throw error
      } finally {
        leave()
      }
    },
    async close() {
      isClosed = true
      await Promise.all([...children].map(stopChild))
    }
  }
}
