import { readdir, readFile } from 'node:fs/promises'

/**
 * Resident bytes of a process and its descendants on Linux. Memory that processes share, such as the code of
 * Node, counts for each.
 *
 * @throws Error when the process has ended, or on another system.
 */
export async function residentBytes(pid: number): Promise<number> {
  const processes = await runningProcesses()
  const root = processes.get(pid)
  if (root === undefined) throw new Error(`there is nothing about process ${pid} in /proc`)
  let sum = 0
  for (const [id, { bytes }] of processes) if (descends(processes, id, pid)) sum += bytes
  return sum
}

type Processes = ReadonlyMap<number, { readonly parent: number; readonly bytes: number }>

async function runningProcesses(): Promise<Processes> {
  const ids = (await readdir('/proc').catch(() => [])).filter(name => /^\d+$/.test(name))
  const entries = await Promise.all(
    ids.map(async id => {
      // It may have ended since it was listed.
      const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '')
      const number = (name: string): number =>
        Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0)
      const facts = { parent: number('PPid'), bytes: number('VmRSS') * 1024 }
      return status === '' ? [] : [[Number(id), facts] as const]
    })
  )
  return new Map(entries.flat())
}

function descends(processes: Processes, id: number, ancestor: number): boolean {
  for (let at = id; at > 0; at = processes.get(at)?.parent ?? 0) if (at === ancestor) return true
  return false
}
