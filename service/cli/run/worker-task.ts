import type { JsonObject } from '../../base/json.ts'
import type { RunPart } from '../../bulk/partition.ts'
import type { ConfigurationValues } from '../../operations/types.ts'
import type { Settings } from '../../settings.ts'

/** What the process of a worker on this machine performs: a part of a run. */
export type WorkerTask = {
  /** FILE as it was typed. */
  readonly name: string
  readonly configuration: ConfigurationValues
  readonly partition: JsonObject
  readonly settings: Settings
  readonly environment: { readonly [name: string]: string | undefined }
  /** Directory of relative file names. */
  readonly directory: string
  /** The directory of the run. */
  readonly store: string
  /** The file of the rate limit that all workers share. */
  readonly calls: string
  readonly part: RunPart
}

/** Null when the part is there; else why it is not. */
export type WorkerReply = { readonly failure: string | null }
