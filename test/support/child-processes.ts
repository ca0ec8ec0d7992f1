import { readdirSync, readFileSync } from 'node:fs'

/** What a process is, as `/proc` has it. */
export type ProcessFacts = {
  readonly pid: number
  readonly parent: number
  /** Hundredths of a second that it has worked. */
  readonly ticks: number
}

/** A process that is there and has not ended; undefined for none. */
export function processOf(pid: number | string): ProcessFacts | undefined {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return undefined
  }
  // The name before may have any character (proc_pid_stat(5)).
  const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (state === 'Z') return undefined
  const ticks = Number(rest[9]) + Number(rest[10])
  return { pid: Number(pid), parent: Number(parent), ticks }
}

/** The processes that a process has started, and that have not ended. */
export function childrenOf(parentPid: number | undefined): ProcessFacts[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => processOf(pid) ?? [])
    .filter(({ parent }) => parent === parentPid)
}
