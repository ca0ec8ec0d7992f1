import assert from 'node:assert/strict'

import type { BenchDocument } from './bench-documents.ts'
import type { FlowAnswer } from './flow-request.ts'
import { askConnector, flowBody, installedTypes } from './flow-request.ts'
import type { Start, Started } from './processes.ts'

/** A service that has just installed its first document. */
export type FirstInstall = FlowAnswer & {
  readonly service: Started
  /** The request, to be sent again. */
  readonly install: () => Promise<FlowAnswer>
  /** Milliseconds of the longest turn of the service's event loop while it installed. */
  readonly longestBlockMs: number
}

/**
 * Starts a service and sends it the first request of its life, `/metadata/install` for a document on this
 * machine. The answer has to have the document's types.
 *
 * Its time has everything that lies between the request and the last byte of the answer: reading the
 * document over HTTP, parsing, compiling, writing the answer, and code that runs for the first time. It
 * does not have the start of the service.
 *
 * @param isWatched Whether the service looks at its event loop, which costs it a little time.
 */
export async function installFirst(
  start: Start,
  document: BenchDocument,
  isWatched: boolean,
  ...settings: string[]
): Promise<FirstInstall> {
  const [documents, service] = await Promise.all([
    start('./document-server.ts', document.file),
    start('./connector.ts', ...settings)
  ])
  const body = flowBody({ 'Schema URL': `${documents.url}/files/0.json` })
  const install = (): Promise<FlowAnswer> => askConnector(service.url, '/metadata/install', body)
  if (isWatched) await service.ask('watch')
  const answer = await install()
  const longestBlockMs = isWatched ? Number(await service.ask('longest block')) : Number.NaN
  const installed = new Set(installedTypes(answer))
  assert.deepEqual(
    document.types.filter(name => !installed.has(name)),
    []
  )
  return { ...answer, service, install, longestBlockMs }
}
