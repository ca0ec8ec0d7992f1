import type { DeltaStore } from './delta-log.ts'
import { beginS3Attempt } from './s3-attempt.ts'
import type { S3 } from './s3-bucket.ts'

const KEY = /<Key>([^<]{1,2000})<\/Key>/g
const NEXT = /<NextContinuationToken>([^<]{1,2000})<\/NextContinuationToken>/

/** The directory of a Delta table in S3. */
export function s3DeltaStore(given: string, s3: S3): DeltaStore {
  const name = given.endsWith('/') ? given.slice(0, -1) : given
  const [, bucket = '', directory = ''] = /^s3:\/\/([^/]+)\/?(.*)$/i.exec(name) ?? []
  const prefix = `${directory}${directory === '' ? '' : '/'}_delta_log/`
  const at = (file: string): string => `s3://${bucket}/${prefix}${file}`
  const read = async (file: string): Promise<string> => {
    const { body } = await s3.send({ method: 'GET', location: at(file) })
    return Buffer.from(body).toString()
  }
  return {
    name,
    path: name,
    async list() {
      const names: string[] = []
      let token: string | undefined
      do {
        const query = {
          'list-type': '2',
          prefix,
          ...(token !== undefined && { 'continuation-token': token })
        }
        const location = `s3://${bucket}/`
        const { body } = await s3.send({ method: 'GET', location, query })
        const text = Buffer.from(body).toString()
        for (const [, key = ''] of text.matchAll(KEY))
          names.push(key.slice(key.lastIndexOf('/') + 1))
        token = NEXT.exec(text)?.[1]
      } while (token !== undefined)
      return names
    },
    async *lines(file) {
      yield* (await read(file)).split('\n')
    },
    async put(file, text) {
      const isOurs = async (): Promise<boolean> => (await read(file)) === text
      try {
        const { status } = await s3.send({
          ...{ method: 'PUT', location: at(file), body: Buffer.from(text) },
          ...{ headers: { 'if-none-match': '*' }, takes: [409, 412] }
        })
        if (status < 300) return true
        // A repeated call finds what the call before has written.
        return status === 412 && (await isOurs())
      } catch (error) {
        // The answer may be what was lost.
        if (await isOurs().catch(() => false)) return true
        throw error
      }
    },
    begin: (part, run) => beginS3Attempt(`${name}/${part}`, s3, run),
    async remove(part) {
      await s3.send({ method: 'DELETE', location: `${name}/${part}` })
    }
  }
}
