import { readdir, readFile } from 'node:fs/promises'

const SAMPLES = new URL('../../openapi-samples/', import.meta.url)

/** Names of the bundled documents, as in `sample:<name>`. */
export async function listSampleNames(): Promise<string[]> {
  const files = await readdir(SAMPLES)
  return files.flatMap(file => (file.endsWith('.yaml') ? file.slice(0, -'.yaml'.length) : []))
}

/** Reads a file of `openapi-samples/`; undefined when it does not exist. */
export function readSampleFile(path: string): Promise<Buffer | undefined> {
  return readFile(new URL(path, SAMPLES)).catch(() => undefined)
}
