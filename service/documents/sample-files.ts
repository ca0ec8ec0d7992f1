import { readdir, readFile } from 'node:fs/promises'

const SAMPLES = new URL('../../openapi-samples/', import.meta.url)

/** Documents of well-known APIs. */
const APIS = new URL('apis/', SAMPLES)

/** Names of the bundled documents, as in `sample:<name>` or `sample:apis/<name>`. */
export async function listSampleNames(): Promise<string[]> {
  const folders = await Promise.all([filesIn('', SAMPLES), filesIn('apis/', APIS)])
  return folders
    .flat()
    .flatMap(file => (file.endsWith('.yaml') ? file.slice(0, -'.yaml'.length) : []))
}

async function filesIn(prefix: string, folder: URL): Promise<string[]> {
  return (await readdir(folder)).map(file => prefix + file)
}

/** Reads a file of `openapi-samples/`; undefined when it does not exist. */
export function readSampleFile(path: string): Promise<Buffer | undefined> {
  return readFile(new URL(path, SAMPLES)).catch(() => undefined)
}
