import assert from 'node:assert/strict'

import type { BenchDocument } from '../bench-documents.ts'
import type { BenchBounds, BenchLine } from '../bench-line.ts'
import { median } from '../bench-line.ts'
import { installFirst } from '../first-install.ts'
import { withProcesses } from '../processes.ts'

const TARGET_MS = 50

/**
 * Row `loop-block`: the longest block of the service's event loop (ms) during its first install, measured
 * with a timer of one millisecond, so up to one millisecond too high. The start of the service and its child
 * processes are not included. The target is for the first document.
 */
export async function measureLoopBlock(
  documents: readonly BenchDocument[],
  bounds: Pick<BenchBounds, 'rounds'>
): Promise<BenchLine[]> {
  const lines: BenchLine[] = []
  for (const document of documents) {
    lines.push(await blockLine(document, bounds.rounds, lines.length === 0))
  }
  return lines
}

async function blockLine(
  document: BenchDocument,
  rounds: number,
  isJudged: boolean
): Promise<BenchLine> {
  const figures: number[] = []
  for (let round = 0; round < rounds; round++) {
    const block = await withProcesses(
      async start => (await installFirst(start, document, true)).longestBlockMs
    )
    assert.ok(block > 0)
    figures.push(block)
  }
  return {
    row: 'loop-block',
    what: `longest block of the event loop, first compile, ${document.name}`,
    unit: 'ms',
    ours: { name: 'longest block', figures },
    reference: null,
    ratio: null,
    target: `≤ ${TARGET_MS} ms`,
    isMet: isJudged ? median(figures) <= TARGET_MS : null
  }
}
