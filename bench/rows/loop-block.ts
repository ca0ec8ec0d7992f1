import assert from 'node:assert/strict'

import type { BenchDocument } from '../bench-documents.ts'
import type { BenchBounds, BenchLine } from '../bench-line.ts'
import { median } from '../bench-line.ts'
import { installFirst } from '../first-install.ts'
import { withProcesses } from '../processes.ts'

const TARGET_MS = 50

/**
 * Row `loop-block`: milliseconds of the longest block of the service's event loop while it installs its first
 * document, from before the request until after the answer. It is the longest time between two turns
 * of the loop as a timer of one millisecond sees it, so up to one millisecond more than the block. The start
 * of the service is not in it, nor are its child processes. The first document is
 * judged, the others are shown.
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
