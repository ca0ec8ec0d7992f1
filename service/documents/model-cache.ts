import { createHash } from 'node:crypto'

import type { Owner } from '../base/owner.ts'
import { asBuffer } from '../base/bytes.ts'
import type { PackedModel, UnpackedModel } from '../model/packed-model.ts'
import { unpackModel } from '../model/packed-model.ts'
import type { CacheUsage } from '../store/fair-cache.ts'
import { createFairCache } from '../store/fair-cache.ts'
import { LAST_GOOD_S } from './document-copies.ts'
import type { SharedValues } from '../store/shared-store.ts'

/** An open model with the description of its types in the platform's format. */
export type CachedModel = UnpackedModel

/** Compiled models by document version. */
export type ModelCache = {
  /** Looks in the memory of this replica only. */
  getLocal(version: string): CachedModel | undefined
  /** Looks in memory, then among the models that replicas share. */
  find(version: string, owner: Owner): Promise<CachedModel | undefined>
  /**
   * Keeps and shares a model.
   *
   * @param owner Whose cache quota the model counts against.
   */
  keep(version: string, packed: PackedModel, owner: Owner): Promise<CachedModel>
  /** Models in memory. */
  usage(): CacheUsage
}

export type ModelCacheOptions = {
  /** Limit on the models in memory. */
  readonly maxBytes: number
  /** A monotonic clock in milliseconds. */
  readonly now: () => number
  /** Null when replicas share nothing. */
  readonly shared: SharedValues | null
  /** Hash of everything except the document that affects its model (`compilerVersion`). */
  readonly compiler: string
}

/** Estimated bytes in memory of a parsed record per byte of its text. */
const PARSED_SIZE_FACTOR = 3

/** Keeps models packed. A record is parsed when it is first used. */
export function createModelCache(options: ModelCacheOptions): ModelCache {
  const { maxBytes, now, shared, compiler } = options
  const models = createFairCache<Entry>({ maxBytes, sizeOf: ({ bytes }) => bytes, now })

  const sharedKey = (version: string): string =>
    `model:${createHash('sha256')
      .update(JSON.stringify([compiler, version]))
      .digest('hex')}`
  const remember = (version: string, packed: PackedModel, owner: Owner): CachedModel => {
    const model = unpackModel(packed)
    models.set(version, { model, packed, bytes: bytesOf(model, packed) }, LAST_GOOD_S, owner)
    return model
  }
  const getLocal = (version: string): CachedModel | undefined => {
    const entry = models.get(version)
    if (entry === undefined) return undefined
    // Records parsed since then take memory too.
    const bytes = bytesOf(entry.model, entry.packed)
    if (bytes !== entry.bytes) models.set(version, { ...entry, bytes }, LAST_GOOD_S)
    return entry.model
  }
  return {
    getLocal,
    async find(version, owner) {
      const local = getLocal(version)
      if (local !== undefined) return local
      const found = await shared?.get(sharedKey(version))
      return found === undefined
        ? undefined
        : remember(version, Buffer.from(found, 'base64'), owner)
    },
    async keep(version, packed, owner) {
      await shared?.set(sharedKey(version), asBuffer(packed).toString('base64'), LAST_GOOD_S)
      return remember(version, packed, owner)
    },
    usage: () => models.usage()
  }
}

type Entry = {
  readonly model: CachedModel
  readonly packed: PackedModel
  /** Memory it takes, estimated. */
  readonly bytes: number
}

function bytesOf({ bytesRead }: Pick<UnpackedModel, 'bytesRead'>, packed: PackedModel): number {
  return packed.length + PARSED_SIZE_FACTOR * bytesRead()
}
