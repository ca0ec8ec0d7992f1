import { existsSync, writeFileSync } from 'node:fs'

import { answerTasks } from '../../service/processes/answer-tasks.ts'

type Task = { readonly act: string; readonly text: string; readonly signal?: string }

// A worker that does what it is told, which no worker of the service does.
answerTasks(({ act, text, signal = 'SIGKILL' }: Task) => {
  if (act === 'throw') throw new TypeError(`cannot read ${text}`)
  if (act === 'parse') return JSON.parse(text)
  if (act === 'exit') process.exit(7)
  if (act === 'hang') for (;;);
  if (act === 'grow') {
    const grown: string[][] = []
    for (;;) grown.push(Array.from({ length: 10_000 }, (_, index) => `${text}${index}`))
  }
  if (act === 'kill' || (act === 'kill once' && !existsSync(text))) {
    if (act === 'kill once') writeFileSync(text, '')
    process.kill(process.pid, signal)
    for (;;);
  }
  return `${text}!`
})
