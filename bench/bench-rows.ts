import type { BenchDocument } from './bench-documents.ts'
import { githubDocuments, madeDocuments } from './bench-documents.ts'
import type { BenchBounds, BenchLine } from './bench-line.ts'
import { measureCompile } from './rows/compile.ts'
import { measureDecode } from './rows/decode.ts'
import { measureDescribe } from './rows/describe.ts'
import { measureExampleLoad } from './rows/example-load.ts'
import { measureLiveLoad } from './rows/live-load.ts'
import { measureLoopBlock } from './rows/loop-block.ts'
import { measureMemory } from './rows/memory.ts'
import { measurePrismProxy } from './rows/prism-proxy.ts'
import { measureRedisModel } from './rows/redis-model.ts'

type Row = (bounds: BenchBounds) => Promise<BenchLine[]> | BenchLine[]

const MADE_BYTES = 1_000_000
const DOCUMENTS_IN_USE = { count: 100, bytes: MADE_BYTES }

/** The annotated document is judged: of the plain one there is little to compile. */
async function bothForms(): Promise<BenchDocument[]> {
  const { annotated, plain } = await githubDocuments()
  return [annotated, plain]
}

/** The rows of the table of design 7, by the names by which they are chosen. */
export const BENCH_ROWS: ReadonlyMap<string, Row> = new Map<string, Row>([
  ['live-load', measureLiveLoad],
  ['prism-proxy', measurePrismProxy],
  ['example-load', measureExampleLoad],
  [
    'describe',
    async bounds => {
      const { annotated, plain } = await githubDocuments()
      // Its server confirms the second one each time.
      const documents = [
        { document: annotated, settings: [] },
        { document: annotated, settings: ['DOCUMENT_TTL_S=0'] },
        { document: plain, settings: [] }
      ]
      return measureDescribe(documents, bounds)
    }
  ],
  ['compile', async bounds => measureCompile(await bothForms(), bounds)],
  ['loop-block', async bounds => measureLoopBlock(await bothForms(), bounds)],
  [
    'redis-model',
    async bounds => {
      const [github, made] = [await githubDocuments(), await madeDocuments(MADE_BYTES)]
      return measureRedisModel([github.annotated, made.annotated], bounds)
    }
  ],
  ['decode', bounds => measureDecode(bounds)],
  ['memory', bounds => measureMemory(DOCUMENTS_IN_USE, bounds)]
])
