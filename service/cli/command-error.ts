/** What the user typed or gave cannot be done; the message says what would be right. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

const REASONS: { readonly [code: string]: string } = {
  EACCES: 'permission is missing',
  EADDRINUSE: 'the port is already in use',
  EADDRNOTAVAIL: 'this machine does not have that address',
  EISDIR: 'it is a directory',
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is no directory',
  ENOTFOUND: 'the name is not known',
  EPERM: 'permission is missing'
}

/** Why the system refused a file or an address, in words; undefined for any other failure. */
export function systemReason(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? REASONS[String(error.code)] : undefined
}
