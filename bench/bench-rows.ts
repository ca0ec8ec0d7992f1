import type { BenchDocument } from './bench-documents.ts'
import { githubDocuments, kubernetesDocument, madeDocuments } from './bench-documents.ts'
import type { BenchBounds, BenchLine } from './bench-line.ts'
import { measureCatalog } from './rows/catalog.ts'
import { measureCommandCpu } from './rows/command-cpu.ts'
import { measureCompile } from './rows/compile.ts'
import { measureDecode } from './rows/decode.ts'
import { measureDescribe } from './rows/describe.ts'
import { measureExampleLoad } from './rows/example-load.ts'
import { measureLiveLoad } from './rows/live-load.ts'
import { measureLoadCpu } from './rows/load-cpu.ts'
import { measureLoadWork } from './rows/load-work.ts'
import { measureLoopBlock } from './rows/loop-block.ts'
import { measureMemory } from './rows/memory.ts'
import { measurePrismProxy } from './rows/prism-proxy.ts'
import { measureReadRows } from './rows/read-rows.ts'
import { measureRedisModel } from './rows/redis-model.ts'
import { measureStore } from './rows/store.ts'

type Row = (bounds: BenchBounds) => Promise<BenchLine[]> | BenchLine[]

const MADE_BYTES = 1_000_000
const RECORDS = 1_000_000
const DOCUMENTS_IN_USE = { count: 100, bytes: MADE_BYTES }

/** The target is for the annotated document; the plain one has little to compile. */
async function bothForms(): Promise<BenchDocument[]> {
  const { annotated, plain } = await githubDocuments()
  return [annotated, plain]
}

/** Rows of the benchmark table by their names on the command line. */
export const BENCH_ROWS: ReadonlyMap<string, Row> = new Map<string, Row>([
  ['live-load', measureLiveLoad],
  ['load-cpu', measureLoadCpu],
  ['load-work', measureLoadWork],
  ['prism-proxy', measurePrismProxy],
  ['example-load', measureExampleLoad],
  [
    'describe',
    async bounds => {
      const { annotated, plain } = await githubDocuments()
      // With DOCUMENT_TTL_S=0 each request revalidates the document.
      const documents = [
        { document: annotated, settings: [] },
        { document: annotated, settings: ['DOCUMENT_TTL_S=0'] },
        { document: plain, settings: [] }
      ]
      return measureDescribe(documents, bounds)
    }
  ],
  ['compile', async bounds => measureCompile(await bothForms(), bounds)],
  [
    'catalog',
    async bounds => {
      const [github, kubernetes] = [await githubDocuments(), await kubernetesDocument()]
      return measureCatalog([github.plain, kubernetes], bounds)
    }
  ],
  ['loop-block', async bounds => measureLoopBlock(await bothForms(), bounds)],
  [
    'redis-model',
    async bounds => {
      const [github, made] = [await githubDocuments(), await madeDocuments(MADE_BYTES)]
      return measureRedisModel([github.annotated, made.annotated], bounds)
    }
  ],
  ['command-cpu', bounds => measureCommandCpu(bounds)],
  ['read-rows', bounds => measureReadRows(bounds, RECORDS)],
  ['decode', bounds => measureDecode(bounds)],
  ['store', bounds => measureStore(bounds)],
  ['memory', bounds => measureMemory(DOCUMENTS_IN_USE, bounds)]
])
