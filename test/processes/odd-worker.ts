import { answerTasks } from '../../service/processes/answer-tasks.ts'

// A worker that does what it is told, which no worker of the service does.
answerTasks(({ act, text }: { readonly act: string; readonly text: string }) => {
  if (act === 'throw') throw new TypeError(`cannot read ${text}`)
  if (act === 'parse') return JSON.parse(text)
  if (act === 'exit') process.exit(7)
  if (act === 'hang') for (;;);
  if (act === 'grow') {
    const grown: string[][] = []
    for (;;) grown.push(Array.from({ length: 10_000 }, (_, index) => `${text}${index}`))
  }
  return `${text}!`
})
