/** Input and output of a command. */
export type Terminal = {
  /** Writes a line to standard output. */
  out(line: string): void
  /** Writes a line to standard error. */
  err(line: string): void
  readonly environment: { readonly [name: string]: string | undefined }
  /** Directory of relative file names. */
  readonly directory: string
}

/** Why a service stops: a signal, or an uncaught failure. */
export type StopReason = 'SIGINT' | 'SIGTERM' | { readonly failure: unknown }

/** 0: success; 1: the document has errors, or the service failed; 2: unreadable document, or wrong usage. */
export type ExitCode = 0 | 1 | 2

/** Wrong usage, or unusable input. The message is for the user. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

const REASONS: { readonly [code: string]: string } = {
  EACCES: 'permission denied',
  EADDRINUSE: 'the port is already in use',
  EADDRNOTAVAIL: 'this machine does not have that address',
  EISDIR: 'it is a directory',
  ENOENT: 'there is no such file',
  ENOTDIR: 'part of its path is not a directory',
  ENOTFOUND: 'the name cannot be resolved',
  EPERM: 'permission denied'
}

/** Describes an error of the operating system about a file or an address; undefined for other errors. */
export function systemReason(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? REASONS[String(error.code)] : undefined
}
