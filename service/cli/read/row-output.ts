import { errorCode } from '../../base/error-code.ts'
import type { FileMark } from '../../bulk/resume-token.ts'
import type { TextTarget } from '../../bulk/row-sink.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError, systemReason } from '../terminal.ts'

/** Where the rows of a read go. */
export type RowOutput = TextTarget & {
  /** For messages, such as `rows.ndjson.part`. */
  readonly name: string
  /** How far it counts; null for what cannot be cut back, such as standard output. */
  mark(): FileMark | null
  /** Notes now and then, while rows are written, where a read that is killed would go on. */
  keep(token: () => string): void
  /** The rows are complete. */
  finish(): Promise<void>
  /** A part of the rows is written, and a later read goes on with the token; null where none can. */
  leave(token: string | null): Promise<void>
  /** Nothing is written that is of use. */
  discard(): Promise<void>
}

/** Standard output. What its reader has done with it is not known when it fails. */
export function standardOutput(terminal: Terminal): RowOutput {
  const name = 'standard output'
  return {
    name,
    write: text => terminal.write(text).catch(error => Promise.reject(writeFault(name, error))),
    mark: () => null,
    keep: () => {},
    finish: async () => {},
    leave: async () => {},
    discard: async () => {}
  }
}

/** The failure of a write, in words. */
export function writeFault(name: string, error: unknown): CommandError {
  const code = errorCode(error) ?? 'unknown failure'
  const fault = new CommandError(`${name} cannot be written: ${systemReason(error) ?? code}`)
  fault.cause = error
  return fault
}
