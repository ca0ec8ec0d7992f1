import { createHash } from 'node:crypto'

import type { UnpackedModel } from '../model/packed-model.ts'
import { unpackModel } from '../model/packed-model.ts'
import type { FairCache } from '../store/fair-cache.ts'
import { createFairCache } from '../store/fair-cache.ts'
import type { CompressedModel } from './compressed-model.ts'
import { decompressModel } from './compressed-model.ts'
import type { SharedValues } from '../store/shared-values.ts'

/** Compiled models by the version of their documents. */
export type ModelCache = {
  /** The model that this replica has in memory. */
  near(version: string): UnpackedModel | undefined
  /** The model that any replica has compiled, as far as they share. */
  find(version: string, owner: string): Promise<UnpackedModel | undefined>
  /**
   * Keeps a model, and shares it.
   *
   * @param owner Whose room it takes: where memory is full, who has most makes room.
   */
  keep(version: string, compressed: CompressedModel, owner: string): Promise<UnpackedModel>
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

/** As long as the last good copy of a document. */
const LIFE_S = 24 * 60 * 60

/** Room for a model and for those of its records that are in use, which take more than their text. */
const ROOM_FACTOR = 2

/** Models in memory, and compressed in what replicas share. */
export function createModelCache(options: ModelCacheOptions): ModelCache {
  const { maxBytes, now, shared, compiler } = options
  const models: FairCache<Sized> = createFairCache({ maxBytes, sizeOf: ({ bytes }) => bytes, now })

  const sharedKey = (version: string): string =>
    `model:${createHash('sha256')
      .update(JSON.stringify([compiler, version]))
      .digest('hex')}`
  const remember = async (
    version: string,
    compressed: CompressedModel,
    owner: string
  ): Promise<UnpackedModel> => {
    const packed = await decompressModel(compressed)
    const model = unpackModel(packed)
    models.set(version, { model, bytes: ROOM_FACTOR * packed.length }, LIFE_S, owner)
    return model
  }
  return {
    near: version => models.get(version)?.model,
    async find(version, owner) {
      const own = models.get(version)?.model
      if (own !== undefined || shared === null) return own
      const kept = await shared.get(sharedKey(version))
      if (kept === undefined) return undefined
      return remember(version, Buffer.from(kept, 'base64'), owner)
    },
    async keep(version, compressed, owner) {
      const text = () => Buffer.from(compressed).toString('base64')
      await shared?.set(sharedKey(version), text(), LIFE_S)
      return remember(version, compressed, owner)
    }
  }
}

type Sized = { readonly model: UnpackedModel; readonly bytes: number }
