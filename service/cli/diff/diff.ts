import type { Position } from '../../compiler/locate-diagnostics.ts'
import { locate } from '../../compiler/locate-diagnostics.ts'
import type { Change } from '../../diff/change-list.ts'
import type { ComparedModel } from '../../diff/compared-model.ts'
import { startComparison } from '../../diff/compare-models.ts'
import { packModel, unpackModel } from '../../model/packed-model.ts'
import { apiAccess } from '../../operations/configuration.ts'
import type { CommandContext } from '../command.ts'
import type { CommandDocument } from '../document/read-document.ts'
import { readDocument } from '../document/read-document.ts'
import { INPUT } from '../document/read-input.ts'
import { createPaint } from '../paint.ts'
import { shownText } from '../shown-text.ts'
import type { ExitCode } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import { renderChanges } from './render-changes.ts'

export type DiffOptions = {
  /** Writes JSON instead of lines. */
  readonly json: boolean
  /** What changes both versions, in this order. */
  readonly overlays: readonly string[]
}

const NOWHERE: Position = { file: '', pointer: '', line: null, column: null }

/**
 * `openapi-flow diff OLD NEW`: prints what changed for flows that have installed the older version
 * (docs/running.md#comparing-versions), that which breaks them first.
 *
 * @returns 0 if nothing breaks, else 1.
 * @throws CommandError if both are standard input; what reading documents throws.
 */
export async function diff(
  oldLocation: string,
  newLocation: string,
  options: DiffOptions,
  { settings, terminal }: CommandContext
): Promise<ExitCode> {
  if (oldLocation === INPUT && newLocation === INPUT) {
    throw new CommandError('standard input can be one of the two versions only')
  }
  const { overlays } = options
  const old = await readDocument(oldLocation, settings, terminal, { overlays })
  const now = await readDocument(newLocation, settings, terminal, { overlays })
  const comparison = startComparison(opened(old), opened(now), apiAccess({}, settings))
  while (!comparison.step());
  const { list, breaking, others } = comparison.read()
  const positions = new Map([...positionsOf(list, 'old', old), ...positionsOf(list, 'new', now)])
  const ranked = list.toSorted((a, b) => Number(b.breaks) - Number(a.breaks))
  const changes = ranked.map(change => ({ ...change, ...(positions.get(change) ?? NOWHERE) }))
  if (options.json) terminal.out(JSON.stringify({ breaking, others, changes }, null, 2))
  else terminal.out(renderChanges({ breaking, others, changes }, createPaint(terminal)))
  if (old.model.index.types.length === 0) {
    terminal.err(`"${shownText(oldLocation)}" has no types, so no flow can have installed any`)
  }
  return breaking > 0 ? 1 : 0
}

function opened({ model }: CommandDocument): ComparedModel {
  return unpackModel(packModel(model, '[]'))
}

/** Where the changes stand that point into one version. */
function positionsOf(
  list: readonly Change[],
  version: Change['version'],
  { document }: CommandDocument
): [Change, Position][] {
  const own = list.filter(change => change.version === version)
  const items = own.map(change => ({ change, pointer: change.pointer }))
  return locate(items, document).map(({ change, ...position }) => [change, position])
}
