import assert from 'node:assert/strict'

import Type from 'typebox'
import { Value } from 'typebox/value'

import type { BenchDocument } from '../bench-documents.ts'
import type { BenchBounds, BenchLine } from '../bench-line.ts'
import { costLine } from '../bench-line.ts'
import { installFirst } from '../first-install.ts'
import { withProcesses } from '../processes.ts'

const TARGET = 1.5

const Parsed = Type.Object({
  milliseconds: Type.Number(),
  isValid: Type.Literal(true),
  paths: Type.Integer({ minimum: 1 })
})

/**
 * Row `compile`: the time of the first install of a document by a fresh service (`installFirst`), and of
 * `validate` and `dereference` of @readme/openapi-parser on the same document (`parser-reference.ts`). The
 * target is for the first document.
 */
export async function measureCompile(
  documents: readonly BenchDocument[],
  bounds: Pick<BenchBounds, 'rounds'>
): Promise<BenchLine[]> {
  const lines: BenchLine[] = []
  for (const document of documents) {
    lines.push(await compileLine(document, bounds.rounds, lines.length === 0))
  }
  return lines
}

async function compileLine(
  document: BenchDocument,
  rounds: number,
  isJudged: boolean
): Promise<BenchLine> {
  const figures = { ours: [] as number[], reference: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    figures.ours.push(
      await withProcesses(async start => {
        const { milliseconds } = await installFirst(start, document, false)
        return milliseconds
      })
    )
    figures.reference.push(await parserTime(document))
  }
  const ours = { name: 'first install', figures: figures.ours }
  const reference = { name: 'validate + dereference', figures: figures.reference }
  const line = { row: 'compile', what: `first compile, ${document.name}`, unit: 'ms' } as const
  return costLine(line, { ours, reference }, TARGET, isJudged)
}

function parserTime({ file }: BenchDocument): Promise<number> {
  return withProcesses(async start => {
    const parser = await start('./parser-reference.ts', file)
    const answer = await parser.ask('measure')
    assert.ok(Value.Check(Parsed, answer), 'the parser finds the document valid')
    return answer.milliseconds
  })
}
