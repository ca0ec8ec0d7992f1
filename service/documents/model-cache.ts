import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'

import { asBuffer } from '../base/as-buffer.ts'
import type { PackedModel, UnpackedModel } from '../model/packed-model.ts'
import { unpackModel } from '../model/packed-model.ts'
import type { CacheUsage } from '../store/fair-cache.ts'
import { createFairCache } from '../store/fair-cache.ts'
import { LAST_GOOD_S } from './keep-documents.ts'
import type { SharedValues } from '../store/shared-values.ts'

/** A model at work, with the description of its types. */
export type CachedModel = Omit<UnpackedModel, 'description'> & {
  /** The types as the platform describes them, as JSON text in UTF-8. */
  description(): Promise<Uint8Array>
}

/** Compiled models by the version of their documents. */
export type ModelCache = {
  /** The model that this replica has in memory. */
  near(version: string): CachedModel | undefined
  /** The model that any replica has compiled, as far as they share. */
  find(version: string, owner: string): Promise<CachedModel | undefined>
  /**
   * Keeps a model, and shares it.
   *
   * @param owner Whose room it takes: where memory is full, who has most makes room.
   */
  keep(version: string, packed: PackedModel, owner: string): Promise<CachedModel>
  /** What is in memory. */
  usage(): CacheUsage
}

export type ModelCacheOptions = {
  /** Bound on the models in memory. */
  readonly maxBytes: number
  /** A clock that nobody sets, in milliseconds. */
  readonly now: () => number
  /** Null where replicas share nothing. */
  readonly shared: SharedValues | null
  /** Names everything besides the document that decides what it compiles to. */
  readonly compiler: string
}

/** Bytes that a record takes for each byte of its text, once it was read. */
const READ_FACTOR = 3

const decompress = promisify(gunzip)

/** Models in memory, packed but for the records that are in use, and in what replicas share. */
export function createModelCache(options: ModelCacheOptions): ModelCache {
  const { maxBytes, now, shared, compiler } = options
  const models = createFairCache<Entry>({ maxBytes, sizeOf: ({ bytes }) => bytes, now })

  const sharedKey = (version: string): string =>
    `model:${createHash('sha256')
      .update(JSON.stringify([compiler, version]))
      .digest('hex')}`
  const remember = (version: string, packed: PackedModel, owner: string): CachedModel => {
    const unpacked = unpackModel(packed)
    const model = { ...unpacked, description: () => descriptionOf(unpacked) }
    models.set(version, { model, packed, bytes: bytesOf(unpacked, packed) }, LAST_GOOD_S, owner)
    return model
  }
  const near = (version: string): CachedModel | undefined => {
    const entry = models.get(version)
    if (entry === undefined) return undefined
    // What was read of it since takes room too.
    const bytes = bytesOf(entry.model, entry.packed)
    if (bytes !== entry.bytes) models.set(version, { ...entry, bytes }, LAST_GOOD_S)
    return entry.model
  }
  return {
    near,
    async find(version, owner) {
      const own = near(version)
      if (own !== undefined) return own
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
  /** Room that it takes, as far as is known. */
  readonly bytes: number
}

function bytesOf({ bytesRead }: Pick<UnpackedModel, 'bytesRead'>, packed: PackedModel): number {
  return packed.length + READ_FACTOR * bytesRead()
}

function descriptionOf({ description }: UnpackedModel): Promise<Uint8Array> {
  // In one piece of the right size nothing has to be put together afterwards.
  const chunkSize = Math.max(MIN_CHUNK, description.length + 1)
  return decompress(description.gzip, { chunkSize })
}

/** The least that zlib takes. */
const MIN_CHUNK = 64
