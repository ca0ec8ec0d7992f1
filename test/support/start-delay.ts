import { connect } from 'node:net'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import { startSocketServer } from './start-upstream.ts'

export type StartedDelay = {
  /** Host and port, in place of those behind it. */
  readonly address: string
  /** From now on whatever comes back is that many milliseconds late. */
  delay(milliseconds: number): void
}

/** Stands before a TCP server of this machine, and lets its answers come late, until the test ends. */
export async function startDelay(t: TestContext, port: number): Promise<StartedDelay> {
  let lateMs = 0
  const address = await startSocketServer(t, socket => {
    const behind = connect(port, '127.0.0.1')
    // In order, also when the delay changes.
    let last = Promise.resolve()
    const later = (act: () => void): void => {
      const due = lateMs === 0 ? undefined : wait(lateMs)
      last = Promise.all([last, due]).then(act)
    }
    behind.on('data', chunk => later(() => void socket.write(chunk)))
    behind.on('error', () => {})
    behind.on('close', () => later(() => void socket.destroy()))
    socket.pipe(behind)
    socket.on('close', () => behind.destroy())
  })
  return {
    address,
    delay(milliseconds) {
      lateMs = milliseconds
    }
  }
}
