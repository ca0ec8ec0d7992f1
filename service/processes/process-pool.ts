import type { Serializable } from 'node:child_process'

import type { Askers } from '../base/askers.ts'
import type { FairQueue } from '../base/fair-queue.ts'
import { createFairQueue } from '../base/fair-queue.ts'
import type { Owner } from '../base/owner.ts'
import type { Child, ChildOptions } from './child-process.ts'
import { runTask, stopChild, setRef, isAlive, startChild } from './child-process.ts'

/**
 * Why a task has no reply: the queues of its askers are full (`busy`), it timed out (`slow`), it exhausted its
 * memory or crashed (`large`), its process was ended from outside, twice (`killed`), or the pool was closed.
 */
export type TaskFault = 'busy' | 'slow' | 'large' | 'killed' | 'closed'

export type PoolOptions<Reply> = ChildOptions & {
  /** Tasks that run at the same time, each in its own process. */
  readonly processes: number
  /** Queued tasks of all owners together. */
  readonly waiting: number
  /** Queued tasks per owner. */
  readonly waitingOfOwner: number
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
   * Runs a task once a process is free; owners share the processes fairly. The task is in the queue of each of its
   * askers, and the earliest turn counts.
   *
   * @throws Error when no process starts.
   */
  run(
    task: Task,
    askers: Askers
  ): Promise<{ readonly reply: Reply } | { readonly fault: TaskFault }>
  /** Kills all processes. Pending tasks resolve to `closed`. */
  close(): Promise<void>
}

type IdleChild = { readonly child: Child; readonly timer: NodeJS.Timeout }

/** Starts processes on demand and reuses them. */
export function createProcessPool<Task extends Serializable, Reply>(
  options: PoolOptions<Reply>
): ProcessPool<Task, Reply> {
  const { processes, waiting, waitingOfOwner } = options
  const queue = createFairQueue({ running: processes, waiting, waitingOfOwner })
  const children = new Set<Child>()
  const idle: IdleChild[] = []
  let isClosed = false

  /** Starts a process; null if it was killed meanwhile. */
  const start = async (): Promise<Child | null> => {
    const child = startChild(options)
    children.add(child)
    child.process.once('exit', () => children.delete(child))
    const state = await child.ready
    if (state === 'crashed') throw new Error('a process of the service did not start')
    return state === 'ready' ? child : null
  }
  const park = (child: Child): void => {
    setRef(child, false)
    const timer = setTimeout(() => void stopChild(child), options.idleMs).unref()
    idle.push({ child, timer })
  }
  const acquire = async (): Promise<Child | null> => {
    for (let next = idle.pop(); next !== undefined; next = idle.pop()) {
      clearTimeout(next.timer)
      if (next.child.isStopping || !isAlive(next.child)) continue
      setRef(next.child, true)
      return next.child
    }
    return start()
  }
  const perform = async (
    task: Task
  ): Promise<{ readonly reply: Reply } | { readonly fault: TaskFault }> => {
    const child = await acquire()
    if (child === null) return { fault: 'killed' }
    const outcome = await runTask(child, task, options.timeMs)
    if (outcome === 'slow') await stopChild(child)
    if (outcome === 'crashed') return { fault: 'large' }
    if (typeof outcome === 'string') return { fault: outcome }
    park(child)
    if (options.isReply(outcome.reply)) return { reply: outcome.reply }
    throw new Error('a process of the service sent a message that is no reply')
  }
  /** What ended a process from outside says nothing of its task, so a fresh process gets it once more. */
  const performTwice = async (task: Task) => {
    const done = await perform(task)
    const isKilled = 'fault' in done && done.fault === 'killed' && !isClosed
    return isKilled ? perform(task) : done
  }
  return {
    async prepare() {
      const child = await start()
      if (child !== null) park(child)
    },
    async run(task, askers) {
      const leave = await earliestTurn(queue, askers)
      if (leave === null) return { fault: 'busy' }
      try {
        const done = isClosed ? null : await performTwice(task)
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

/**
 * Waits in the queues of all askers until the first turn comes, and then leaves the others.
 *
 * @returns Ends the turn; null when no queue has room.
 */
function earliestTurn(queue: FairQueue, askers: Askers): Promise<(() => void) | null> {
  return new Promise(resolve => {
    const places = new Map<Owner, () => void>()
    let isOver = false
    const finish = (turn: (() => void) | null): void => {
      isOver = true
      resolve(turn)
      for (const leave of places.values()) if (leave !== turn) leave()
      places.clear()
      stopListening()
    }
    const enter = (owner: Owner): void => {
      if (isOver) return
      let isFirst = false
      const place = queue.enter(owner, {
        start() {
          isFirst = true
          const turn = places.get(owner)
          if (turn !== undefined) finish(turn)
        },
        drop() {
          places.delete(owner)
          if (places.size === 0) finish(null)
        }
      })
      if (typeof place === 'string') return
      places.set(owner, place)
      if (isFirst) finish(place)
    }
    let stopListening = (): void => {}
    stopListening = askers.each(enter)
    if (isOver) stopListening()
    else if (places.size === 0) finish(null)
  })
}
