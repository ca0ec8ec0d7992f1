import type { ApiAccess } from '../plan/types.ts'
import type { Changes, ReportChange } from './change-list.ts'
import { createChangeList } from './change-list.ts'
import { compareAccess, compareCredentials } from './compare-access.ts'
import type { MappingPair } from './mapping-pair.ts'
import { compareMappings } from './compare-mappings.ts'
import { compareType, reportAdded } from './compare-types.ts'
import type { ComparedModel } from './compared-model.ts'
import { findRenamedTypes } from './find-renamed-types.ts'

/** A comparison that is under way. */
export type Comparison = {
  /** Compares one type. @returns Whether all are compared. */
  step(): boolean
  /** What was found so far. */
  read(): Changes
}

/**
 * Compares two versions of a document by what flows rely on that have installed the older one: the names and forms of
 * types and properties, the mappings, what these require, and where credentials go (docs/terminal.md#diff).
 *
 * @param access What the configuration says about the API.
 */
export function startComparison(
  old: ComparedModel,
  now: ComparedModel,
  access: ApiAccess
): Comparison {
  const { report, read } = createChangeList()
  const steps = compare(old, now, access, report)
  return { step: () => steps.next().done === true, read }
}

function* compare(
  old: ComparedModel,
  now: ComparedModel,
  access: ApiAccess,
  report: ReportChange
): Generator<undefined, void> {
  // Nobody can have installed a document without types.
  if (old.index.types.length > 0) compareAccess(old, now, access, report)
  const [before, after] = [new Set(old.index.types), new Set(now.index.types)]
  const renamed = yield* findRenamedTypes({ old, now, before, after })
  const versions = { old, now, before, after, renamed, newNames: new Set(renamed.values()) }
  const mappings: MappingPair[] = []
  for (const name of before) {
    yield
    const pair = compareType(versions, name, report)
    if (pair === undefined) continue
    for (const mapping of compareMappings(versions, pair, report)) mappings.push(mapping)
  }
  compareCredentials(mappings, report)
  for (const name of after) {
    yield
    reportAdded(versions, name, report)
  }
}
