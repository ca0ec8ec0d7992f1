import { withProcesses } from '../../bench/processes.ts'

// A measurement that does not end: it tells the id of the process that it has started.

await withProcesses(async start => {
  const { pid } = await start('./tickets-api.ts')
  process.send?.(pid)
  await new Promise(() => {})
})
