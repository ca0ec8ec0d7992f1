import type { Terminal } from './terminal.ts'

/** How often the line of a terminal is written, and how often one elsewhere (ms). */
const SHOWN_MS = 200
const PLAIN_MS = 10_000

/**
 * Shows how far some work is on standard error: in one line that changes where a person sees it, else in a line every ten
 * seconds. It does not keep the process running.
 *
 * @param plainMs How often a plain line is written.
 */
export function showStatus(
  terminal: Terminal,
  line: () => string,
  plainMs: number = PLAIN_MS
): {
  /** Ends the lines, and removes the one of a terminal. */
  end(): void
} {
  const isShown = terminal.isShown.err
  const timer = setInterval(
    () => (isShown ? terminal.status(line()) : terminal.err(line())),
    isShown ? SHOWN_MS : plainMs
  )
  timer.unref()
  return {
    end() {
      clearInterval(timer)
      if (isShown) terminal.status('')
    }
  }
}
