import type { FileStore } from './file-store.ts'
import { beginS3Attempt } from './s3-attempt.ts'
import type { S3 } from './s3-bucket.ts'
import { xmlTexts } from './s3-xml.ts'

/** Bytes of a file that are read at once. */
const CHUNK_BYTES = 8 * 1024 * 1024

/** Bytes of a file that are given at once. */
const TURN_BYTES = 64 * 1024

/** A directory in S3. */
export function s3FileStore(given: string, s3: S3): FileStore {
  const name = given.endsWith('/') ? given.slice(0, -1) : given
  const [, bucket = '', directory = ''] = /^s3:\/\/([^/]+)\/?(.*)$/i.exec(name) ?? []
  const at = (file: string): string => `${name}/${file}`
  async function* bytes(file: string): AsyncGenerator<Uint8Array, void, undefined> {
    for (let from = 0; ; from += CHUNK_BYTES) {
      const range = `bytes=${from}-${from + CHUNK_BYTES - 1}`
      const { status, body } = await s3.send({
        ...{ method: 'GET', location: at(file), headers: { range }, takes: [416] }
      })
      // Whoever reads it makes as much of it at once.
      for (let start = 0; status !== 416 && start < body.length; start += TURN_BYTES) {
        yield body.subarray(start, start + TURN_BYTES)
      }
      // An empty file has no range at all.
      if (status !== 206 || body.length < CHUNK_BYTES) return
    }
  }
  return {
    name,
    path: name,
    async list(below) {
      const prefix = [directory, below, '']
        .filter((part, index) => index > 1 || part !== '')
        .join('/')
      const names: string[] = []
      let token: string | undefined
      do {
        const query = {
          'list-type': '2',
          // What is below other directories may be much, and is not asked for.
          delimiter: '/',
          prefix,
          ...(token !== undefined && { 'continuation-token': token })
        }
        const location = `s3://${bucket}/`
        const { body } = await s3.send({ method: 'GET', location, query })
        // Some tools make an object of the directory itself.
        const keys = xmlTexts(body, 'Key').filter(key => key !== prefix)
        for (const key of keys) names.push(key.slice(prefix.length))
        token = xmlTexts(body, 'NextContinuationToken')[0]
      } while (token !== undefined)
      return names
    },
    bytes,
    async put(file, text) {
      const isOurs = async (): Promise<boolean> =>
        Buffer.concat(await Array.fromAsync(bytes(file))).toString() === text
      try {
        const { status } = await s3.send({
          ...{ method: 'PUT', location: at(file), body: Buffer.from(text) },
          ...{ headers: { 'if-none-match': '*' }, takes: [412] }
        })
        if (status < 300) return true
        // A repeated call finds what the call before has written.
        return await isOurs()
      } catch (error) {
        // The answer may be what was lost.
        if (await isOurs().catch(() => false)) return true
        throw error
      }
    },
    begin: (file, run) => beginS3Attempt(at(file), s3, run),
    async remove(file) {
      await s3.send({ method: 'DELETE', location: at(file) })
    }
  }
}
