import type { Terminal } from '../terminal.ts'
import type { FileStore } from './file-store.ts'
import { isInS3 } from './file-store.ts'
import { localFileStore } from './local-file-store.ts'
import type { S3 } from './s3-bucket.ts'
import { s3FileStore } from './s3-file-store.ts'

/**
 * Opens a directory that a user names: a path, or `s3://bucket/prefix`.
 *
 * @throws CommandError for what is no directory.
 */
export async function openFileStore(given: string, s3: S3, terminal: Terminal): Promise<FileStore> {
  return isInS3(given) ? s3FileStore(given, s3) : localFileStore(given, terminal)
}
