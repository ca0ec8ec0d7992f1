import type { Settings } from '../../settings.ts'
import type { RunPayload } from './run-payload.ts'

/** What a process performs: a part, or behind the last one the last step, which writes the outputs unless one is an API. */
export type PartTask = {
  readonly part: number
  /** The run of the part; null where it is that of the task before. */
  readonly run: TaskRun | null
  /** The records of all parts, for the last step. */
  readonly results: readonly string[]
}

/** A run, as a process needs it. */
export type TaskRun = {
  readonly id: string
  readonly payload: RunPayload
  readonly settings: Settings
  /** Who signs for S3. */
  readonly environment: { readonly [name: string]: string }
}

/** The record of the part, or what the run prints; or why there is none. */
export type PartReply = { readonly result: string } | { readonly failure: string }
