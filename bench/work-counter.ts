import { createHook } from 'node:async_hooks'

/** What a process created for asynchronous work. */
export type CountedWork = {
  readonly promises: number
  readonly timers: number
  readonly ticks: number
  readonly controllers: number
}

/** Counts promises, timers, ticks and AbortControllers from now on. They are slower while they are counted. */
export function countWork(): { stop(): CountedWork } {
  const counts = new Map<string, number>()
  const count = (kind: string): void => void counts.set(kind, (counts.get(kind) ?? 0) + 1)
  const hook = createHook({ init: (_, kind) => count(kind) }).enable()
  const Original = globalThis.AbortController
  globalThis.AbortController = class extends Original {
    constructor() {
      super()
      count('AbortController')
    }
  }
  return {
    stop() {
      hook.disable()
      globalThis.AbortController = Original
      const of = (kind: string): number => counts.get(kind) ?? 0
      return {
        promises: of('PROMISE'),
        timers: of('Timeout'),
        ticks: of('TickObject'),
        controllers: of('AbortController')
      }
    }
  }
}
