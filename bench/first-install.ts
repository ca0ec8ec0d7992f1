import assert from 'node:assert/strict'

import type { BenchDocument } from './bench-documents.ts'
import type { FlowAnswer } from './flow-request.ts'
import { askConnector, flowBody, installedTypes } from './flow-request.ts'
import type { Start, Started } from './processes.ts'

/** A service after its first install. */
export type FirstInstall = FlowAnswer & {
  readonly service: Started
  /** Body of the request, to send again. */
  readonly install: () => Promise<FlowAnswer>
  /** Longest block of the service's event loop during the install (ms). */
  readonly longestBlockMs: number
}

/**
 * Starts a service, sends `/metadata/install` for a document on this machine as its first request, and
 * asserts that the answer has the document's types.
 *
 * The time includes fetching the document over HTTP, parsing, compiling, writing the answer, and the
 * overhead of cold code, but not the start of the service.
 *
 * @param isWatched Whether the service measures its event loop, at a small cost.
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
