import type { Readable } from 'node:stream'

import { errorCode } from '../base/error-code.ts'

/** Input and output of a command. */
export type Terminal = {
  /** Writes a line to standard output. */
  out(line: string): void
  /**
   * Writes text, or its bytes in UTF-8, to standard output as it is. Resolves when it is written, and rejects when it
   * cannot be.
   */
  write(text: string | Uint8Array): Promise<void>
  /** Writes a line to standard error. */
  err(line: string): void
  /** Writes over the last line of standard error, if that is a terminal; blank removes it. */
  status(line: string): void
  /** Standard input. */
  readonly input: Readable
  /** Whether a person sees standard output and standard error. */
  readonly isShown: { readonly out: boolean; readonly err: boolean }
  readonly environment: { readonly [name: string]: string | undefined }
  /** Directory of relative file names. */
  readonly directory: string
  /** Waits for a signal to stop. Only after it was called does a first signal not end the process by itself. */
  untilStopped(): Promise<StopReason>
}

/** Why a service stops: a signal, or an uncaught failure. */
export type StopReason = 'SIGINT' | 'SIGTERM' | { readonly failure: unknown }

/**
 * 0: success; 1: the document has errors, or the command or the service failed; 2: unreadable document, or wrong
 * usage; 3: a part of the work is done, and the rest can go on.
 */
export type ExitCode = 0 | 1 | 2 | 3

/** Wrong usage, or unusable input. The message is for the user. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

const REASONS: { readonly [code: string]: string } = {
  EACCES: 'permission denied',
  EADDRINUSE: 'the port is already in use',
  EADDRNOTAVAIL: 'this machine does not have that address',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be too large',
  EIO: 'the disk failed',
  EISDIR: 'it is a directory',
  ENOENT: 'there is no such file',
  ENOSPC: 'no space is left on the disk',
  ENOTDIR: 'part of its path is not a directory',
  ENOTFOUND: 'the name cannot be resolved',
  EPERM: 'permission denied',
  EPIPE: 'its reader has closed it',
  EROFS: 'the disk cannot be written to'
}

/** Describes an error of the operating system about a file or an address; undefined for other errors. */
export function systemReason(error: unknown): string | undefined {
  return REASONS[errorCode(error) ?? '']
}
