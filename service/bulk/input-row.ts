import type { JsonObject } from '../base/json.ts'

/** A row of a file, or what is wrong with it. */
export type InputRow = {
  /** Where it begins, from 1. */
  readonly line: number
} & (
  | { readonly row: JsonObject; readonly fault?: undefined }
  | { readonly row?: undefined; readonly fault: string }
)

/** Most bytes of a row. */
export const ROW_MAX_BYTES = 16 * 1024 * 1024
