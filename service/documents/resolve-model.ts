import { setTimeout as wait } from 'node:timers/promises'

import { LRUCache } from 'lru-cache'

import type { Askers } from '../base/askers.ts'
import { ConnectorError } from '../errors.ts'
import { USUAL_OPTIONS } from '../model/compile-options.ts'
import type { Outline } from '../parse/link-document.ts'
import type { JoinedFlight } from '../processes/joined-flight.ts'
import { createJoinedFlight } from '../processes/joined-flight.ts'
import type { Compiler } from './compile-pool.ts'
import type { DocumentSource, UsabilityCheck } from './fetch-document.ts'
import type { PartLimits } from './gather-parts.ts'
import { gatherParts, isComplete, createPartReader } from './gather-parts.ts'
import type { CachedModel, ModelCache } from './model-cache.ts'
import { concernsAsker } from './passing-failure.ts'
import type { SharedFlight, SharedFlightPorts } from './shared-flight.ts'
import { createSharedFlight } from './shared-flight.ts'
import { readOverlays } from './read-overlays.ts'
import type {
  DocumentRequest,
  GatheredParts,
  ModelOptions,
  Overlays,
  SourceDocument,
  StaleText
} from './source-document.ts'
import { modelKey, overlaysKey } from './source-document.ts'

/** The model of a document with its parts. */
export type Resolved = {
  /** The key of the model. */
  readonly version: string
  readonly model: CachedModel
  /** Overlays and parts whose stale copies are in use. */
  readonly staleParts: readonly StaleText[]
  /** False when reading them again may yield more. */
  readonly isComplete: boolean
}

/**
 * Reads the overlays and gathers the parts of a document, then finds or compiles its model.
 *
 * @param askers Whose compile queues are used, and the memory of the first.
 * @throws ConnectorError what `Compiler` and `readOverlays` throw.
 */
export type ModelResolver = (
  request: DocumentRequest,
  root: SourceDocument,
  askers: Askers
) => Promise<Resolved>

export type ModelResolverPorts = SharedFlightPorts & {
  readonly source: DocumentSource
  readonly compiler: Pick<Compiler, 'compile' | 'outline'>
  readonly models: ModelCache
  readonly limits: PartLimits
  /** A monotonic clock in milliseconds. */
  readonly clock: () => number
  /**
   * Called after each compilation. The outcome is `ok`, `known` when the document with its parts already
   * had a model, the code of a problem, or `failed` for an internal error.
   */
  readonly watch: (outcome: string, milliseconds: number) => void
}

type Found = { readonly model: CachedModel } | { readonly outline: Outline }

type Job = {
  readonly version: string
  readonly root: SourceDocument
  readonly gathered: GatheredParts | null
  readonly askers: Askers
  readonly options: ModelOptions<SourceDocument>
}

/** A document that does not compile is retried after a minute. */
const TIMES = { failureMs: 60_000, waitMs: 5_000, lockMs: 3_000 }

/** Limit on the cached outlines, in characters. */
const OUTLINES_MAX = 4_000_000

type Outlines = LRUCache<string, Outline>

type Work = ModelResolverPorts & {
  readonly flight: SharedFlight<Found>
  readonly outlineFlight: JoinedFlight<Outline>
  readonly outlines: Outlines
}

/**
 * Compiles each version of a document once, for all callers and for all replicas that share a store. The
 * references of each text are cached.
 */
export function createModelResolver(ports: ModelResolverPorts): ModelResolver {
  const outlines: Outlines = new LRUCache({
    maxSize: OUTLINES_MAX,
    sizeCalculation: ({ urls }, key) => key.length + urls.join().length
  })
  const work: Work = {
    ...ports,
    flight: createSharedFlight<Found>(ports, TIMES),
    outlineFlight: createJoinedFlight<Outline>(concernsAsker),
    outlines
  }
  return async (request, root, askers) => {
    const overlays = await readOverlays(work, request, root, askers)
    const { compiling = USUAL_OPTIONS } = request
    const options = { compiling, overlays }
    const version = modelKey(root, null, options)
    const outline = outlines.get(outlineKey(root, root, overlays))
    const job = { version, root, gathered: null, askers, options }
    const found = outline ? { outline } : await findOrCompile(work, job)
    const resolved =
      'outline' in found
        ? await resolveWithParts(work, request, job, found.outline)
        : { version, model: found.model, staleParts: [], isComplete: true }
    const stale = staleTexts(overlays?.texts ?? [])
    if (stale.length === 0) return resolved
    return { ...resolved, staleParts: [...stale, ...resolved.staleParts], isComplete: false }
  }
}

function staleTexts(texts: readonly SourceDocument[]): StaleText[] {
  return texts.flatMap(({ url, stale }) => (stale ? [{ url, stale }] : []))
}

async function resolveWithParts(
  work: Work,
  request: DocumentRequest,
  { root, askers, options }: Job,
  outline: Outline
): Promise<Resolved> {
  const { source, limits, clock } = work
  const startedAt = clock()
  const ports = {
    read: createPartReader(source, root, request, askers),
    outline: (part: SourceDocument, all: Askers) => outlinePart(work, root, part, all),
    askers
  }
  const gathered = await gatherParts(root, outline, ports, limits)
  const version = modelKey(root, gathered, options)
  const known = await work.models.find(version, askers.first)
  if (known !== undefined) work.watch('known', clock() - startedAt)
  const found = known
    ? { model: known }
    : await findOrCompile(work, { version, root, gathered, askers, options })
  if ('outline' in found) throw new Error('a document with its parts was not compiled')
  const staleParts = staleTexts(gathered.parts)
  return { version, model: found.model, staleParts, isComplete: isComplete(gathered) }
}

/** A check of documents that nobody has compiled yet. */
export function createDocumentCheck({ outline }: Pick<Compiler, 'outline'>): UsabilityCheck {
  return (candidate, askers) => outline(candidate, candidate.base, askers, 'document')
}

/** The outline of a part, known or made once for all who ask. */
async function outlinePart(
  { compiler, outlines, outlineFlight }: Work,
  root: SourceDocument,
  part: SourceDocument,
  askers: Askers
): Promise<Outline> {
  const key = outlineKey(part, root)
  const known = outlines.get(key)
  if (known !== undefined) return known
  return outlineFlight(key, askers, async all => {
    const outline = await compiler.outline(part, root.base, all)
    outlines.set(key, outline)
    return outline
  })
}

async function findOrCompile(work: Work, job: Job): Promise<Found> {
  const findModel = async (): Promise<Found | undefined> => {
    const model = await work.models.find(job.version, job.askers.first)
    return model && { model }
  }
  return (
    (await findModel()) ??
    work.flight(`compile ${job.version}`, job.askers, findModel, askers =>
      compile(work, { ...job, askers })
    )
  )
}

async function compile(
  { compiler, models, outlines, clock, watch }: Work,
  { version, root, gathered, askers, options }: Job
): Promise<Found> {
  const startedAt = clock()
  const compiled = await compiler
    .compile(root, gathered, askers, options)
    .catch((error: unknown) => {
      watch(error instanceof ConnectorError ? error.code : 'failed', clock() - startedAt)
      throw error
    })
  if ('outline' in compiled) {
    outlines.set(outlineKey(root, root, options.overlays), compiled.outline)
    return compiled
  }
  watch('ok', clock() - startedAt)
  // Receiving a large model and opening it both block; let timers run in between.
  await wait(0)
  return { model: await models.keep(version, compiled.model, askers.first) }
}

/** Equal texts have equal references when their base URL, their overlays and their root document are the same. */
function outlineKey(
  { hash, base, contentType }: SourceDocument,
  root: SourceDocument,
  overlays: Overlays<SourceDocument> | null = null
): string {
  const changed = overlays === null ? [] : [overlaysKey(overlays)]
  return JSON.stringify([hash, base, contentType, root.base, ...changed])
}
