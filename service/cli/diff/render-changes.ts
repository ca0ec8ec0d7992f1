import type { Position } from '../../compiler/locate-diagnostics.ts'
import type { Change, Changes } from '../../diff/change-list.ts'
import { shownPlace } from '../diagnostic-line.ts'
import type { Paint } from '../paint.ts'
import { shownText } from '../shown-text.ts'

/** Changes with their places in the texts. */
export type LocatedChanges = Omit<Changes, 'list'> & {
  readonly changes: readonly (Change & Position)[]
}

/** Writes each change as `file:line:col breaks|keeps CODE message`, with its effect below, and their number. */
export function renderChanges({ breaking, others, changes }: LocatedChanges, paint: Paint): string {
  const lines = changes.flatMap(change => {
    const { breaks, code, message, effect } = change
    const place = paint('bold', shownPlace(change))
    const kind = paint(breaks ? 'red' : 'cyan', `${breaks ? 'breaks' : 'keeps'} ${code}`)
    return [`${place} ${kind} ${shownText(message)}`, `    ${shownText(effect)}`]
  })
  const left = breaking + others - changes.length
  if (left > 0) lines.push(`${left} more changes are not listed`)
  const words = counted(breaking, 'change breaks', 'changes break')
  lines.push(`${words} installed flows, ${counted(others, 'does', 'do')} not`)
  return lines.join('\n')
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}
