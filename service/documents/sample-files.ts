import { readdir, readFile } from 'node:fs/promises'

const SAMPLES = new URL('../../openapi-samples/', import.meta.url)

/** Folders with further samples: documents of well-known APIs, and manifests. */
const FOLDERS = ['apis/', 'manifests/']

let names: Promise<readonly string[]> | undefined

/** Names of the bundled documents, as in `sample:<name>` or `sample:<folder>/<name>`. They are read once. */
export function listSampleNames(): Promise<readonly string[]> {
  names ??= readSampleNames()
  return names
}

async function readSampleNames(): Promise<string[]> {
  const folders = await Promise.all(['', ...FOLDERS].map(filesIn))
  return folders
    .flat()
    .flatMap(file => (file.endsWith('.yaml') ? file.slice(0, -'.yaml'.length) : []))
}

async function filesIn(folder: string): Promise<string[]> {
  return (await readdir(new URL(folder, SAMPLES))).map(file => folder + file)
}

/** Reads a file of `openapi-samples/`; undefined when it does not exist. */
export function readSampleFile(path: string): Promise<Buffer | undefined> {
  return readFile(new URL(path, SAMPLES)).catch(() => undefined)
}
