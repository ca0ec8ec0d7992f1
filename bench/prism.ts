import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

import { freePort } from './free-port.ts'

// Runs Stoplight Prism's command in this process, on a free port. Arguments are the path of the command, the
// mode and the mode's arguments. It sends its URL to the parent process once it is ready.
//
// Like the connector it runs as one process and logs warnings only: by default Prism logs several lines per
// request. It forwards or answers every request, unless the mode's arguments have `--errors`.

const [command = '', ...mode] = process.argv.slice(2)
const READY_MS = 60_000
const RETRY_MS = 50

process.on('disconnect', () => process.exit())
const port = await freePort()
const url = `http://127.0.0.1:${port}`
process.argv.splice(
  1,
  process.argv.length,
  command,
  ...mode,
  ...['--host', '127.0.0.1', '--port', String(port)],
  ...['--multiprocess', 'false'],
  ...(mode.includes('--verboseLevel') ? [] : ['--verboseLevel', 'warn'])
)
await import(command)
const until = performance.now() + READY_MS
while (!(await isThere())) {
  if (performance.now() > until) throw new Error(`Prism did not listen at ${url}`)
  await wait(RETRY_MS)
}
process.send?.(url)

/** Not by a request: Prism warns of one that the document does not have. */
async function isThere(): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
