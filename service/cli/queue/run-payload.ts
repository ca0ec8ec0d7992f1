import { parseWritten } from '../../base/exact-number.ts'
import type { JsonObject } from '../../base/json.ts'
import type { RunPart } from '../../bulk/partition.ts'
import type { ConfigurationValues } from '../../operations/types.ts'

/** All that a worker needs to perform the parts of a run. It may have secrets, and is sealed. Plain JSON. */
export type RunPayload = {
  /** FILE as it was typed. */
  readonly name: string
  /** The text of the manifest. */
  readonly manifest: string
  readonly configuration: ConfigurationValues
  /** The variables of the environment that the manifest names. */
  readonly environment: { readonly [name: string]: string }
  /** What `--partition` gave. */
  readonly partition: JsonObject
  readonly parts: readonly RunPart[]
  /** Directory of relative file names. */
  readonly directory: string
  /** The directory of the run, an absolute path or of `s3://`. */
  readonly store: string
}

export function writePayload(payload: RunPayload): string {
  return JSON.stringify(payload)
}

export function readPayload(text: string): RunPayload {
  return parseWritten<RunPayload>(text)
}
