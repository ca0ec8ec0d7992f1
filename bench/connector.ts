import { monitorEventLoopDelay } from 'node:perf_hooks'
import { getHeapSpaceStatistics } from 'node:v8'

import Type from 'typebox'
import { Value } from 'typebox/value'

import { startService } from '../service/cli/serve/serve.ts'
import { readSettings } from '../service/read-settings.ts'
import { cpuMicroseconds } from './cpu-time.ts'
import { countWork } from './work-counter.ts'

// The real service on a free port, for an API on this machine. Arguments are further settings,
// `NAME=value`. It sends its URL to the parent process, then answers messages: `watch` starts measuring the
// event loop, `longest block` returns the result; `count` starts counting asynchronous work, `counted` returns
// the result; `cpu` returns microseconds of CPU, `old bytes` the size of its old objects; any other message returns
// its resource usage.
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

// Sampling every millisecond costs CPU, so it starts on request.
const loopDelay = monitorEventLoopDelay({ resolution: 1 })

let counter: ReturnType<typeof countWork> | undefined

function answer(question: unknown): unknown {
  if (question === 'longest block') return loopDelay.max / 1e6
  if (question === 'cpu') return cpuMicroseconds()
  if (question === 'old bytes') return oldBytes()
  if (question === 'counted') return counter?.stop()
  if (question === 'count') {
    counter = countWork()
    return question
  }
  if (question !== 'watch') return figures()
  loopDelay.enable()
  loopDelay.reset()
  return question
}

/** Bytes of the objects that outlived the young generation, until a full collection. */
function oldBytes(): number {
  const old = getHeapSpaceStatistics().find(space => space.space_name === 'old_space')
  return old?.space_used_size ?? 0
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
