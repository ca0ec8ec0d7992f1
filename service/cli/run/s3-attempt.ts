import { createHash } from 'node:crypto'

import { CommandError } from '../terminal.ts'
import type { Attempt } from './attempt-file.ts'
import type { S3 } from './s3-bucket.ts'
import { xmlEscaped, xmlTexts } from './s3-xml.ts'

/** Bytes of a part of an upload. S3 takes 10,000 parts. */
const PART_BYTES = 16 * 1024 * 1024

/** Tells by which run an object was written. */
const RUN_HEADER = 'x-amz-meta-run'

/**
 * Begins an object in S3, by an upload in parts: the object appears when it is committed.
 *
 * @param location `s3://bucket/key`
 * @param run Distinguishes the objects of different runs.
 * @throws CommandError for a bucket that refuses.
 */
export async function beginS3Attempt(location: string, s3: S3, run: string): Promise<Attempt> {
  const begun = await s3.send({
    ...{ method: 'POST', location, query: { uploads: '' } },
    headers: { [RUN_HEADER]: run }
  })
  const [uploadId] = xmlTexts(begun.body, 'UploadId')
  if (uploadId === undefined)
    throw new CommandError(`"${location}" cannot be written: no upload began`)
  const hash = createHash('sha256')
  const tags: string[] = []
  let pending: Uint8Array[] = []
  let size = 0
  let bytes = 0
  let isDone = false
  const send = async (): Promise<void> => {
    const body = Buffer.concat(pending)
    pending = []
    size = 0
    const query = { partNumber: String(tags.length + 1), uploadId }
    const { headers } = await s3.send({ method: 'PUT', location, query, body })
    tags.push(headers.etag ?? '')
  }
  const isOurs = async (): Promise<boolean> => {
    const { headers } = await s3.send({ method: 'HEAD', location })
    return headers[RUN_HEADER] === run
  }
  return {
    async write(text) {
      // The bytes of a writer are its own, and change.
      const chunk = Buffer.from(text)
      hash.update(chunk)
      bytes += chunk.length
      size += chunk.length
      pending.push(chunk)
      if (size >= PART_BYTES) await send()
    },
    async close() {
      if (size > 0 || tags.length === 0) await send()
    },
    async commit() {
      const parts = tags.map(
        (tag, index) =>
          `<Part><PartNumber>${index + 1}</PartNumber><ETag>${xmlEscaped(tag)}</ETag></Part>`
      )
      const text = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
      const body = Buffer.from(text)
      try {
        const done = await s3.send({ method: 'POST', location, query: { uploadId }, body })
        // S3 may say of a failure that it is one only after it answered 200.
        if (!Buffer.from(done.body).includes('<CompleteMultipartUploadResult')) {
          throw new CommandError(`"${location}" cannot be written: S3 did not complete the upload`)
        }
      } catch (error) {
        // The answer may be what was lost.
        if (!(await isOurs().catch(() => false))) throw error
      }
      isDone = true
      return { files: [{ path: location, bytes, sha256: hash.digest('hex') }] }
    },
    async discard() {
      if (isDone) return
      isDone = true
      // What cannot be removed never appears, and the rules of a bucket remove it.
      await s3.send({ method: 'DELETE', location, query: { uploadId } }).catch(() => {})
    }
  }
}
