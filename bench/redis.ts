import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'

import { freePort } from './free-port.ts'

// Runs the redis-server on the PATH on a free port and without persistence, until this process ends. It sends
// its URL to the parent process once it accepts connections.

const port = await freePort()
const settings = {
  bind: '127.0.0.1',
  port: String(port),
  save: '',
  appendonly: 'no',
  dir: tmpdir()
}
const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
const redis = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
redis.on('error', () => {
  console.error('redis-server is not on the PATH')
  process.exit(1)
})
redis.on('exit', () => process.exit(1))
for (const signal of ['SIGINT', 'SIGTERM', 'disconnect']) {
  process.on(signal, () => {
    redis.removeAllListeners('exit').on('exit', () => process.exit())
    redis.kill('SIGKILL')
  })
}
createInterface({ input: redis.stdout }).on('line', line => {
  if (line.includes('Ready to accept connections')) process.send?.(`redis://127.0.0.1:${port}`)
})
