import { readdirSync, readFileSync } from 'node:fs'

/** A process in `/proc`. */
export type ProcessFacts = {
  readonly pid: number
  readonly parent: number
  /** CPU time (10 ms). */
  readonly ticks: number
}

/** A running process; undefined when there is none with that id. */
export function processOf(pid: number | string): ProcessFacts | undefined {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return undefined
  }
  // The name in parentheses may contain any character (proc_pid_stat(5)).
  const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (state === 'Z') return undefined
  const ticks = Number(rest[9]) + Number(rest[10])
  return { pid: Number(pid), parent: Number(parent), ticks }
}

/** The running children of a process. */
export function childrenOf(parentPid: number | undefined): ProcessFacts[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => processOf(pid) ?? [])
    .filter(({ parent }) => parent === parentPid)
}
