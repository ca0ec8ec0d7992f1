import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

import { freePort } from './free-port.ts'

// Stoplight Prism as its command runs it, in this process, on a free port. Arguments are the file of its
// command, the mode and what the mode takes. It tells its URL once it answers.
//
// One process and no logging below warnings, as the connector has it: by default Prism formats several
// lines a request. `--errors` stays off, so that it forwards or answers whatever comes.

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
  ...['--multiprocess', 'false', '--verboseLevel', 'warn', '--errors', 'false']
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
