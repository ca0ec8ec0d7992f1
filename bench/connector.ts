import { monitorEventLoopDelay } from 'node:perf_hooks'

import Type from 'typebox'
import { Value } from 'typebox/value'

import { startService } from '../service/cli/serve.ts'
import { readSettings } from '../service/read-settings.ts'

// The connector as it is served, on a free port; the API that it calls is on this machine. Arguments are
// further settings, `NAME=value`. It tells its URL first, and then answers whatever it is asked:
// `watch` has it look at its event loop from then on, `longest block` is what came of that, anything
// else gives its figures.
const { settings } = readSettings({
  PORT: '0',
  HOST: '127.0.0.1',
  LOG_LEVEL: 'warn',
  EGRESS_ALLOW: '127.0.0.1',
  ...Object.fromEntries(process.argv.slice(2).map(argument => argument.split('=', 2)))
})
const service = await startService(settings)
process.send?.(service.url)
process.on('message', question => process.send?.(answer(question)))
process.on('disconnect', () => process.exit())

// A look every millisecond has its price, so it is only had where somebody asks for it.
const turns = monitorEventLoopDelay({ resolution: 1 })

function answer(question: unknown): unknown {
  if (question === 'longest block') return turns.max / 1e6
  if (question !== 'watch') return figures()
  turns.enable()
  turns.reset()
  return question
}

const Report = Type.Object({ libuv: Type.Array(Type.Object({ type: Type.String() })) })

/** Resident bytes; sockets, also those that are idle in a pool; timers that keep the process running. */
function figures(): { rss: number; sockets: number; timers: number } {
  const handles = Value.Parse(Report, process.report.getReport()).libuv
  return {
    rss: process.memoryUsage.rss(),
    sockets: handles.filter(({ type }) => type === 'tcp' || type === 'udp').length,
    timers: process.getActiveResourcesInfo().filter(kind => kind === 'Timeout').length
  }
}
