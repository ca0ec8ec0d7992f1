import { setTimeout as wait } from 'node:timers/promises'

import { LRUCache } from 'lru-cache'

import { createSingleFlight } from '../base/single-flight.ts'
import type { SourceDocument } from './document-source.ts'
import type { OnceAmongReplicas } from './once-among-replicas.ts'
import type { PartReader } from './read-part.ts'
import { createRecentFailures } from './recent-failures.ts'
import { ConnectorError } from '../errors.ts'
import type { Compiler } from './compile-pool.ts'
import type { Compiled } from './compile-task.ts'
import { rootVersion } from './compile-task.ts'
import type { CachedModel, ModelCache } from './model-cache.ts'

/** What a document and its parts came to when they were read last. */
export type Whole = Omit<Compiled, 'model'>

/** A document with its model. */
export type Resolved = { readonly whole: Whole; readonly model: CachedModel }

/**
 * Finds or makes the model of a document.
 *
 * @param owner Whose room and whose turn it takes: the tenant.
 * @throws ConnectorError what `Compiler` throws.
 */
export type ModelResolver = (
  root: SourceDocument,
  readPart: PartReader,
  owner: string
) => Promise<Resolved>

export type ModelResolverPorts = {
  readonly compiler: Pick<Compiler, 'compile'>
  readonly models: ModelCache
  readonly once: OnceAmongReplicas
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Milliseconds after which parts that could not be read are asked for again. */
export const PART_RETRY_MS = 10_000

/** Milliseconds for which a document that cannot be compiled is not tried again. */
const FAILURE_LIFE_MS = 60_000

const WHOLES_MAX = 10_000

/**
 * Compiles each version of a document once, with the parts that it has, however many ask for it, and as
 * far as they share also on other replicas.
 */
export function createModelResolver(ports: ModelResolverPorts): ModelResolver {
  const { compiler, models, once, now } = ports
  const flight = createSingleFlight<Resolved>()
  // By what a document is kept under, so that nobody gets a part that another caller's token opened.
  const wholes = new LRUCache<string, { readonly of: string; readonly whole: Whole; at: number }>({
    max: WHOLES_MAX
  })
  const failures = createRecentFailures(FAILURE_LIFE_MS, now)

  /** A document that refers to no other is known by its own version. */
  const findAlone = async (root: SourceDocument, owner: string): Promise<Resolved | undefined> => {
    const version = rootVersion(root)
    const model = await models.find(version, owner)
    return model && { whole: { version, stale: [], isComplete: true }, model }
  }
  const compile = async (
    root: SourceDocument,
    readPart: PartReader,
    owner: string
  ): Promise<Resolved> => {
    let known: CachedModel | undefined
    const isKnown = async (version: string): Promise<boolean> => {
      known = await models.find(version, owner)
      return known !== undefined
    }
    const { model: packed, ...whole } = await compiler.compile(root, owner, {
      readPart,
      isKnown
    })
    // To take a large model in, and to open it, each is long enough for a turn of the loop with its timers.
    await wait(0)
    const model = packed === null ? known : await models.keep(whole.version, packed, owner)
    if (model === undefined) throw new Error('a model that was known is not')
    return { whole, model }
  }
  const make = async (
    root: SourceDocument,
    readPart: PartReader,
    owner: string
  ): Promise<Resolved> => {
    const version = rootVersion(root)
    const failure = failures.get(version)
    if (failure !== undefined) throw failure
    const look = () => findAlone(root, owner)
    try {
      return (
        (await look()) ??
        (await once(`compile ${version}`, look, () => compile(root, readPart, owner)))
      )
    } catch (error) {
      if (error instanceof ConnectorError && error.code !== 'COMPILER_BUSY') {
        failures.set(version, error)
      }
      throw error
    }
  }

  return async (root, readPart, owner) => {
    const of = `${rootVersion(root)} ${root.fetchedAt}`
    const known = wholes.get(root.key)
    const isCurrent =
      known?.of === of && (known.whole.isComplete || Math.abs(now() - known.at) < PART_RETRY_MS)
    const version = isCurrent ? known.whole.version : rootVersion(root)
    const model = models.near(version)
    if (isCurrent && model !== undefined) return { whole: known.whole, model }
    const resolved = await flight(`${root.key} ${of}`, () => make(root, readPart, owner))
    wholes.set(root.key, { of, whole: resolved.whole, at: now() })
    return resolved
  }
}
