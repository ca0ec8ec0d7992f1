import type { Command, CommandOption } from '../command.ts'

export const AT_ONCE: CommandOption = {
  name: '--at-once',
  value: 'N',
  does: 'performs up to N parts at the same time, each in another process; 1 by default'
}

export const workerCommand: Command = {
  name: 'worker',
  operands: [],
  does: 'performs the parts of queued runs until it is stopped, on any number of machines',
  options: [AT_ONCE],
  examples: [
    'REDIS_URL=redis://redis:6379 STORE_KEY=… openapi-flow worker',
    'openapi-flow worker --at-once 4',
    'EGRESS_ALLOW=crm.internal openapi-flow worker'
  ],
  load: async () => {
    const { runWorker } = await import('./run-worker.ts')
    return runWorker
  }
}
