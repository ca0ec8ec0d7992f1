import type { Serializable } from 'node:child_process'

/**
 * Answers the tasks of the service, in a process that it has started: one reply to each. A failure of
 * `answer` ends the process.
 */
export function answerTasks<Task>(answer: (task: Task) => Serializable): void {
  // A terminal interrupts both processes; the service ends this one when it needs it no longer.
  process.on('SIGINT', () => {})
  process.on('disconnect', () => process.exit())
  process.on('message', (task: Task) => process.send?.(answer(task)))
  process.send?.('ready')
}
