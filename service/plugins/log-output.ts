import { writeSync } from 'node:fs'

/** Where log lines go. */
export type LogDestination = { write(line: string): void }

const STANDARD_OUTPUT = 1

/**
 * Writes log lines to standard output, each at once. A line that cannot be written, because the disk is full or
 * nobody reads, is lost, and the service goes on; the next line that can be written says how many were lost.
 *
 * @param write Writes bytes, as `writeSync` of Node does. By default to standard output.
 */
export function logOutput(
  write: (bytes: Uint8Array) => number = bytes => writeSync(STANDARD_OUTPUT, bytes)
): LogDestination {
  let lost = 0
  const isWritten = (line: string): boolean => {
    try {
      for (let rest = Buffer.from(line); rest.length > 0; ) rest = rest.subarray(write(rest))
      return true
    } catch {
      return false
    }
  }
  return {
    write(line) {
      if (lost > 0 && isWritten(lossOf(lost))) lost = 0
      if (!isWritten(line)) lost++
    }
  }
}

function lossOf(count: number): string {
  return `${JSON.stringify({ level: 40, time: Date.now(), count, msg: 'lines of the log could not be written' })}\n`
}
