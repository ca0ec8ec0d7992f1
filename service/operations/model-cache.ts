import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { constants, gunzip, gzip } from 'node:zlib'

import type { UnpackedModel } from '../model/packed-model.ts'
import { unpackModel } from '../model/packed-model.ts'
import type { FairCache } from '../store/fair-cache.ts'
import { createFairCache } from '../store/fair-cache.ts'
import type { SharedValues } from '../store/shared-values.ts'

/** Compiled models by the version of their documents. */
export type ModelCache = {
  /** The model that this replica has in memory. */
  near(version: string): UnpackedModel | undefined
  /** The model that any replica has compiled, as far as they share. */
  find(version: string, owner: string): Promise<UnpackedModel | undefined>
  /**
   * Keeps a packed model, and shares it.
   *
   * @param owner Whose room it takes: where memory is full, who has most makes room.
   */
  keep(version: string, packed: Uint8Array, owner: string): Promise<UnpackedModel>
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

const compress = promisify(gzip)
const decompress = promisify(gunzip)

/** Models in memory, and compressed in what replicas share. */
export function createModelCache(options: ModelCacheOptions): ModelCache {
  const { maxBytes, now, shared, compiler } = options
  const models: FairCache<Sized> = createFairCache({ maxBytes, sizeOf: ({ bytes }) => bytes, now })

  const sharedKey = (version: string): string =>
    `model:${createHash('sha256')
      .update(JSON.stringify([compiler, version]))
      .digest('hex')}`
  const remember = (version: string, packed: Uint8Array, owner: string): UnpackedModel => {
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
      return remember(version, await decompress(Buffer.from(kept, 'base64')), owner)
    },
    async keep(version, packed, owner) {
      const model = remember(version, packed, owner)
      if (shared !== null) {
        const small = await compress(packed, { level: constants.Z_BEST_SPEED })
        await shared.set(sharedKey(version), small.toString('base64'), LIFE_S)
      }
      return model
    }
  }
}

type Sized = { readonly model: UnpackedModel; readonly bytes: number }
