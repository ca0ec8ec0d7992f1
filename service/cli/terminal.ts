/** Where a command reads and writes; a test hands in its own. */
export type Terminal = {
  /** Writes a line to standard output. */
  out(line: string): void
  /** Writes a line to standard error. */
  err(line: string): void
  readonly environment: { readonly [name: string]: string | undefined }
  /** Directory that relative file names start from. */
  readonly directory: string
}

/** What makes a service stop: a person at its terminal, whoever runs it, or a failure that nobody has caught. */
export type StopReason = 'SIGINT' | 'SIGTERM' | { readonly failure: unknown }

/** What a command ends with: 0 fine, 1 the document has errors or the service has failed, 2 not to be read or a wrong command. */
export type ExitCode = 0 | 1 | 2
