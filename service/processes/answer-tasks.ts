import type { Serializable } from 'node:child_process'
import { flushCompileCache } from 'node:module'

/**
 * Serves tasks in a child process, one reply each. An error of `answer` ends the process.
 *
 * @param answer Calls `notice` with what is to be known before the reply.
 */
export function answerTasks<Task>(
  answer: (task: Task, notice: (text: string) => void) => Serializable | Promise<Serializable>
): void {
  // Ctrl-C in a terminal signals this process too; the service decides when it ends.
  process.on('SIGINT', () => {})
  process.on('disconnect', () => process.exit())
  const notice = (text: string): void => void process.send?.({ notice: text })
  process.on('message', async (task: Task) => {
    process.send?.(await answer(task, notice))
  })
  process.send?.('ready')
  // The process is killed in the end, which writes nothing.
  flushCompileCache()
}
