import type { FastifyInstance, FastifyReply } from 'fastify'

import type { Settings } from '../settings.ts'

/** Watches callers while they read their answers. */
export type ReadingWatch = {
  /** Calls back once the answer of a request is written, or its connection closed. */
  onRead(reply: FastifyReply, callback: () => void): void
}

type Reading = {
  readonly reply: FastifyReply
  /** When the reading was last looked at (ms), and how many bytes the connection had taken by then. */
  since: number
  taken: number
}

/** In each period of this length a caller must read as much as the minimum rate asks for (ms). */
const PERIOD_MS = 5_000

/** How many times in a period the readings are looked at. */
const LOOKS = 10

/**
 * Closes the connections of callers who read their answers more slowly than `ANSWER_MIN_BYTES_PER_SECOND`
 * (docs/running.md#tenants-and-fairness), while there is something for them to read.
 */
export function createReadingWatch(app: FastifyInstance, settings: Settings): ReadingWatch {
  const { ANSWER_MIN_BYTES_PER_SECOND, FLOW_TIMEOUT_MS } = settings
  const periodMs = Math.min(PERIOD_MS, FLOW_TIMEOUT_MS)
  const leastBytes = (ANSWER_MIN_BYTES_PER_SECOND * periodMs) / 1000
  const readings = new Set<Reading>()

  const look = (): void => {
    const now = performance.now()
    for (const reading of readings) {
      if (now - reading.since < periodMs) continue
      const { socket } = reading.reply.request.raw
      const taken = bytesTaken(socket)
      if (socket.writableLength > 0 && taken - reading.taken < leastBytes) {
        reading.reply.request.log.info('a caller reads its answer too slowly')
        socket.destroy()
      }
      Object.assign(reading, { since: now, taken })
    }
  }
  if (leastBytes > 0) {
    const timer = setInterval(look, periodMs / LOOKS).unref()
    app.addHook('onClose', async () => clearInterval(timer))
  }
  return {
    onRead(reply, callback) {
      const { raw } = reply
      if (raw.destroyed || raw.writableFinished) return void callback()
      const taken = bytesTaken(reply.request.raw.socket)
      const reading = { reply, since: performance.now(), taken }
      readings.add(reading)
      const end = (): void => {
        readings.delete(reading)
        callback()
      }
      raw.once('finish', end).once('close', end)
    }
  }
}

/** Bytes that were written and that the system has taken. */
function bytesTaken(socket: {
  readonly bytesWritten: number
  readonly writableLength: number
}): number {
  return socket.bytesWritten - socket.writableLength
}
