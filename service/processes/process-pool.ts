import type { Serializable } from 'node:child_process'

import type { Owner } from '../base/owner.ts'
import { createFairQueue } from '../base/fair-queue.ts'
import type { Child, ChildOptions } from './child-process.ts'
import { runTask, stopChild, setRef, isAlive, startChild } from './child-process.ts'

/**
 * Why a task has no reply: the queue of its owner is full (`busy`), it timed out (`slow`), it exhausted its
 * memory or crashed (`large`), or the pool was closed.
 */
export type TaskFault = 'busy' | 'slow' | 'large' | 'closed'

export type PoolOptions<Reply> = ChildOptions & {
  /** Tasks that run at the same time, each in its own process. */
  readonly processes: number
  /** Queued tasks per owner. */
  readonly waiting: number
  /** Time limit of a task (ms), from when a process starts it. */
  readonly timeMs: number
  /** How long an idle process is kept (ms). */
  readonly idleMs: number
  /** Checks the message of a worker. */
  readonly isReply: (message: unknown) => message is Reply
}

/** Runs tasks in child processes with limits on time, memory and queue length. */
export type ProcessPool<Task, Reply> = {
  /** Starts a process ahead of the first task. */
  prepare(): Promise<void>
  /**
   * Runs a task once a process is free; owners share the processes fairly.
   *
   * @throws Error when no process starts.
   */
  run(task: Task, owner: Owner): Promise<{ readonly reply: Reply } | { readonly fault: TaskFault }>
  /** Kills all processes. Pending tasks resolve to `closed`. */
  close(): Promise<void>
}

type IdleChild = { readonly child: Child; readonly timer: NodeJS.Timeout }

/** Starts processes on demand and reuses them. */
export function createProcessPool<Task extends Serializable, Reply>(
  options: PoolOptions<Reply>
): ProcessPool<Task, Reply> {
  const queue = createFairQueue({ running: options.processes, waiting: options.waiting })
  const children = new Set<Child>()
  const idle: IdleChild[] = []
  let isClosed = false

  const start = async (): Promise<Child> => {
    const child = startChild(options)
    children.add(child)
    child.process.once('exit', () => children.delete(child))
    await child.ready
    return child
  }
  const park = (child: Child): void => {
    setRef(child, false)
    const timer = setTimeout(() => void stopChild(child), options.idleMs).unref()
    idle.push({ child, timer })
  }
  const acquire = async (): Promise<Child> => {
    for (let next = idle.pop(); next !== undefined; next = idle.pop()) {
      clearTimeout(next.timer)
      if (next.child.isStopping || !isAlive(next.child)) continue
      setRef(next.child, true)
      return next.child
    }
    return start()
  }
  const perform = async (task: Task) => {
    const child = await acquire()
    const outcome = await runTask(child, task, options.timeMs)
    if (outcome === 'slow') await stopChild(child)
    if (typeof outcome === 'string')
      return { fault: outcome === 'slow' ? outcome : 'large' } as const
    park(child)
    if (options.isReply(outcome.reply)) return { reply: outcome.reply }
    throw new Error('a process of the service sent a message that is no reply')
  }
  return {
    async prepare() {
      park(await start())
    },
    async run(task, owner) {
      const slot = Promise.withResolvers<void>()
      const leave = queue.enter(owner, slot.resolve)
      if (leave === null) return { fault: 'busy' }
      try {
        await slot.promise
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
