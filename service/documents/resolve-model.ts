import { setTimeout as wait } from 'node:timers/promises'

import { LRUCache } from 'lru-cache'

import { ConnectorError } from '../errors.ts'
import type { Outline } from '../parse/link-document.ts'
import type { Compiler } from './compile-pool.ts'
import type { DocumentSource } from './fetch-document.ts'
import type { PartLimits } from './gather-parts.ts'
import { gatherParts, isComplete, sourceParts } from './gather-parts.ts'
import type { CachedModel, ModelCache } from './model-cache.ts'
import type { Once, OncePorts } from './once.ts'
import { createOnce } from './once.ts'
import type { DocumentRequest, Gathered, SourceDocument, StaleText } from './source-document.ts'
import { modelKey } from './source-document.ts'

/** A document with its parts and its model. */
export type Resolved = {
  /** The key of the model. */
  readonly version: string
  readonly model: CachedModel
  /** Those of which an older copy serves. */
  readonly staleParts: readonly StaleText[]
  /** Whether every part was read as it is now, or would not be read at another time either. */
  readonly isComplete: boolean
}

/**
 * Gathers the parts of a document, and finds or makes its model.
 *
 * @param owner Whose room and whose turn it takes: the tenant.
 * @throws ConnectorError what `Compiler` throws.
 */
export type ModelResolver = (
  request: DocumentRequest,
  root: SourceDocument,
  owner: string
) => Promise<Resolved>

export type ModelResolverPorts = OncePorts & {
  readonly source: DocumentSource
  readonly compiler: Pick<Compiler, 'compile' | 'outline'>
  readonly models: ModelCache
  readonly limits: PartLimits
  /** Milliseconds on a clock that never goes back. */
  readonly clock: () => number
  /**
   * Is told how a compilation ended, and after how many milliseconds: `ok`, `known` where the whole has a
   * model already, the code of the problem, or `failed` for a failure of ours.
   */
  readonly watch: (outcome: string, milliseconds: number) => void
}

/** What is found or made under a version. */
type Found = { readonly model: CachedModel } | { readonly outline: Outline }

/** Of a document that is to be compiled. */
type Job = {
  readonly version: string
  readonly root: SourceDocument
  readonly gathered: Gathered | null
  readonly owner: string
}

/**
 * What cannot be compiled is not tried again for a minute. A document that another replica compiles is
 * waited for; a dead replica holds it up for no longer than its lock lives.
 */
const TIMES = { failureMs: 60_000, waitMs: 5_000, lockMs: 3_000 }

/** Characters of outlines that are remembered. */
const OUTLINES_MAX = 4_000_000

type Outlines = LRUCache<string, Outline, () => Promise<Outline>>

type Work = ModelResolverPorts & { readonly once: Once<Found>; readonly outlines: Outlines }

/**
 * Compiles each version of a document once, however many ask for it, and as far as they share also on
 * other replicas. A text is looked through for references once, as long as its outline is remembered.
 */
export function createModelResolver(ports: ModelResolverPorts): ModelResolver {
  const outlines: Outlines = new LRUCache({
    maxSize: OUTLINES_MAX,
    sizeCalculation: ({ urls }, key) => key.length + urls.join().length,
    fetchMethod: (_key, _stale, { context }) => context(),
    ignoreFetchAbort: true
  })
  const work: Work = { ...ports, once: createOnce<Found>(ports, TIMES), outlines }
  return async (request, root, owner) => {
    const version = modelKey(root, null)
    const outline = outlines.get(outlineKey(root, root))
    const found = outline
      ? { outline }
      : await findOrCompile(work, { version, root, gathered: null, owner })
    if ('outline' in found) return resolveWhole(work, request, root, found.outline, owner)
    return { version, model: found.model, staleParts: [], isComplete: true }
  }
}

async function resolveWhole(
  work: Work,
  request: DocumentRequest,
  root: SourceDocument,
  outline: Outline,
  owner: string
): Promise<Resolved> {
  const { source, compiler, outlines, limits, clock } = work
  const began = clock()
  const ports = {
    read: sourceParts(source, root, request),
    outline: (part: SourceDocument) =>
      outlines.forceFetch(outlineKey(part, root), {
        context: () => compiler.outline(part, root.base, owner)
      })
  }
  const gathered = await gatherParts(root, outline, ports, limits)
  const version = modelKey(root, gathered)
  const known = await work.models.find(version, owner)
  if (known !== undefined) work.watch('known', clock() - began)
  const found = known
    ? { model: known }
    : await findOrCompile(work, { version, root, gathered, owner })
  if ('outline' in found) throw new Error('a document with its parts was not compiled')
  const staleParts = gathered.parts.flatMap(({ url, stale }) => (stale ? [{ url, stale }] : []))
  return { version, model: found.model, staleParts, isComplete: isComplete(gathered) }
}

async function findOrCompile(work: Work, job: Job): Promise<Found> {
  const look = async (): Promise<Found | undefined> => {
    const model = await work.models.find(job.version, job.owner)
    return model && { model }
  }
  return (await look()) ?? work.once(`compile ${job.version}`, look, () => compile(work, job))
}

async function compile(
  { compiler, models, outlines, clock, watch }: Work,
  { version, root, gathered, owner }: Job
): Promise<Found> {
  const began = clock()
  const compiled = await compiler.compile(root, gathered, owner).catch((error: unknown) => {
    watch(error instanceof ConnectorError ? error.code : 'failed', clock() - began)
    throw error
  })
  if ('outline' in compiled) {
    outlines.set(outlineKey(root, root), compiled.outline)
    return compiled
  }
  watch('ok', clock() - began)
  // To take a large model in, and to open it, each is long enough for a turn of the loop with its timers.
  await wait(0)
  return { model: await models.keep(version, compiled.model, owner) }
}

/** Equal texts refer to the same documents where they stand at the same URL, below the same document. */
function outlineKey({ hash, base, contentType }: SourceDocument, root: SourceDocument): string {
  return JSON.stringify([hash, base, contentType, root.base])
}
