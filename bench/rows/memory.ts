import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'

import { annotateDocument, listedType } from '../annotate-document.ts'
import type { BenchBounds, BenchLine } from '../bench-line.ts'
import { median } from '../bench-line.ts'
import { askConnector, flowBody, installedTypes, loadBody, loadedObjects } from '../flow-request.ts'
import { makeDocument } from '../made-document.ts'
import type { Started } from '../processes.ts'
import { withProcesses } from '../processes.ts'
import { residentBytes } from '../resident-bytes.ts'

const MB = 1_000_000
const CACHE_BYTES = 256 * 1024 * 1024
const TARGET_MB = CACHE_BYTES / MB + 200
/** Concurrent flows. */
const FLOWS = 4
const LOOK_MS = 100
/** Loads of each document after its install. */
const PASSES = 2

/** Number of different documents, and minimum bytes of each. */
export type DocumentsInUse = { readonly count: number; readonly bytes: number }

/**
 * Row `memory`: peak resident memory (MB) of the service and its child processes while many different
 * documents are in use. Four concurrent flows install every document, then repeatedly load from each. Memory
 * is sampled every 100 ms. Each round starts a fresh service with default settings.
 */
export async function measureMemory(
  inUse: DocumentsInUse,
  bounds: Pick<BenchBounds, 'rounds'>
): Promise<BenchLine[]> {
  const figures: number[] = []
  for (let round = 0; round < bounds.rounds; round++) figures.push((await peakBytes(inUse)) / MB)
  return [
    {
      row: 'memory',
      what: `resident memory with ${inUse.count} different documents of ${inUse.bytes / MB} MB in use`,
      unit: 'MB',
      ours: { name: 'service and its processes', figures },
      reference: null,
      ratio: null,
      target: `≤ ${Math.round(TARGET_MB)} MB`,
      isMet: median(figures) <= TARGET_MB
    }
  ]
}

function peakBytes(inUse: DocumentsInUse): Promise<number> {
  return withProcesses(async start => {
    const [documents, service] = await Promise.all([
      start('./document-server.ts'),
      start('./connector.ts', `MODEL_CACHE_MAX_BYTES=${CACHE_BYTES}`)
    ])
    const over = new AbortController()
    const peak = watchMemory(service, over.signal)
    // It fails where the service dies, which its next request finds too.
    peak.catch(() => {})
    try {
      await useDocuments(service, documents, inUse)
    } finally {
      over.abort()
    }
    return await peak
  })
}

async function useDocuments(
  service: Started,
  documents: Started,
  { count, bytes }: DocumentsInUse
): Promise<void> {
  const seeds = Array.from({ length: count }, (_, index) => index + 1)
  const url = (seed: number): string => `${documents.url}/made/${bytes}/${seed}.json`
  const types = new Map<number, string>()
  await inFlows(seeds, async seed => {
    const body = flowBody({ 'Schema URL': url(seed) })
    const installed = installedTypes(await askConnector(service.url, '/metadata/install', body))
    const type = listedType(annotateDocument(makeDocument(seed, bytes))) ?? ''
    assert.ok(installed.includes(type))
    types.set(seed, type)
  })
  for (let pass = 0; pass < PASSES; pass++) {
    await inFlows(seeds, async seed => {
      const body = loadBody({ 'Schema URL': url(seed) }, types.get(seed) ?? '', 20)
      assert.equal(loadedObjects(await askConnector(service.url, '/data', body)).length, 1)
    })
  }
}

/** Does something with every document, with four of them at a time. */
async function inFlows(
  seeds: readonly number[],
  act: (seed: number) => Promise<void>
): Promise<void> {
  const left = seeds.values()
  const flow = async (): Promise<void> => {
    for (const seed of left) await act(seed)
  }
  await Promise.all(Array.from({ length: FLOWS }, flow))
}

/** The most that the service and its processes are seen to hold until it is over. */
async function watchMemory({ pid }: Started, over: AbortSignal): Promise<number> {
  let peak = 0
  do {
    peak = Math.max(peak, await residentBytes(pid))
    await wait(LOOK_MS)
  } while (!over.aborted)
  return peak
}
