import assert from 'node:assert/strict'

import type { BenchDocument } from '../bench-documents.ts'
import type { BenchBounds, BenchLine } from '../bench-line.ts'
import { median, ratioOf } from '../bench-line.ts'
import { installFirst } from '../first-install.ts'
import { withProcesses } from '../processes.ts'

const TARGET_TIMES = 20
const TARGET_MS = 100
const REPEATS = 20

/** A document, and what the service is set to beside the usual settings. */
export type DescribedDocument = {
  readonly document: BenchDocument
  /** `NAME=value` each. */
  readonly settings: readonly string[]
}

/**
 * Row `describe`: the median time of twenty installs of an unchanged document, and the time of the first
 * install by the same service, which compiles it. All answers have to be equal. With default settings the
 * document is not revalidated. The target is for the first document.
 */
export async function measureDescribe(
  documents: readonly DescribedDocument[],
  bounds: Pick<BenchBounds, 'rounds'>
): Promise<BenchLine[]> {
  const lines: BenchLine[] = []
  for (const described of documents) {
    lines.push(await describeLine(described, bounds.rounds, lines.length === 0))
  }
  return lines
}

async function describeLine(
  described: DescribedDocument,
  rounds: number,
  isJudged: boolean
): Promise<BenchLine> {
  const figures = { ours: [] as number[], reference: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    const { first, again } = await describeTimes(described)
    figures.reference.push(first)
    figures.ours.push(again)
  }
  const ours = { name: 'unchanged', figures: figures.ours }
  const reference = { name: 'first install', figures: figures.reference }
  const ratio = ratioOf(reference, ours)
  return {
    row: 'describe',
    what: ['install of an unchanged document', described.document.name, ...described.settings].join(
      ', '
    ),
    unit: 'ms',
    ours,
    reference,
    ratio,
    target: `≥ ${TARGET_TIMES} or ≤ ${TARGET_MS} ms`,
    isMet: isJudged ? ratio >= TARGET_TIMES || median(ours.figures) <= TARGET_MS : null
  }
}

function describeTimes({
  document,
  settings
}: DescribedDocument): Promise<{ readonly first: number; readonly again: number }> {
  return withProcesses(async start => {
    const { milliseconds, bytes, install } = await installFirst(start, document, false, ...settings)
    const times: number[] = []
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const answer = await install()
      assert.ok(answer.bytes.equals(bytes), 'every install has the same answer')
      times.push(answer.milliseconds)
    }
    return { first: milliseconds, again: median(times) }
  })
}
