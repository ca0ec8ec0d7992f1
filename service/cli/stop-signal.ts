import { describeError } from '../plugins/request-log.ts'
import type { StopReason, Terminal } from './terminal.ts'

/** Aborts when a command is to stop, with the reason. An uncaught failure is told. */
export function stopSignal(terminal: Terminal): AbortSignal {
  const stop = new AbortController()
  // Nobody awaits it where the command ends by itself.
  void terminal.untilStopped().then(reason => {
    tellFailure(reason, terminal)
    stop.abort(reason)
  })
  return stop.signal
}

/** Tells of an uncaught failure by which a command ends; nothing of a signal. */
export function tellFailure(reason: StopReason, { err }: Pick<Terminal, 'err'>): void {
  if (typeof reason === 'string') return
  const { type, stack } = describeError(reason.failure)
  err(`the command failed: ${type}\n${stack}`)
}
