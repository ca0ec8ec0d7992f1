import assert from 'node:assert/strict'

import { isJsonArray, member } from '../../service/base/json.ts'
import type { BenchDocument } from '../bench-documents.ts'
import type { BenchBounds, BenchLine } from '../bench-line.ts'
import { absoluteLine } from '../bench-line.ts'
import { askConnector, flowBody } from '../flow-request.ts'
import { withProcesses } from '../processes.ts'

const TARGET_MS = 5_000

/**
 * Row `catalog`: the time of the first request of a fresh service, a catalog of a document on this machine. It
 * includes fetching the document, and both of its tasks in the compile process.
 */
export async function measureCatalog(
  documents: readonly BenchDocument[],
  { rounds }: Pick<BenchBounds, 'rounds'>
): Promise<BenchLine[]> {
  const lines: BenchLine[] = []
  for (const document of documents) {
    const figures: number[] = []
    for (let round = 0; round < rounds; round++) figures.push(await catalogTime(document))
    const line = { row: 'catalog', what: `first catalog, ${document.name}`, unit: 'ms' } as const
    lines.push(absoluteLine(line, { name: 'catalog', figures }, TARGET_MS))
  }
  return lines
}

function catalogTime({ file }: BenchDocument): Promise<number> {
  return withProcesses(async start => {
    const [documents, service] = await Promise.all([
      start('./document-server.ts', file),
      start('./connector.ts')
    ])
    const body = flowBody({ 'Schema URL': `${documents.url}/files/0.json` })
    const { bytes, milliseconds } = await askConnector(service.url, '/catalog', body)
    const endpoints = member(JSON.parse(bytes.toString()), 'endpoints')
    assert.ok(isJsonArray(endpoints) && endpoints.length > 0, 'the document has endpoints')
    return milliseconds
  })
}
