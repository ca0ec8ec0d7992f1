import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { errorCode } from '../service/base/error-code.ts'
import { textMember } from '../service/base/json.ts'

/** What benchmarks and tests keep between runs; nothing of it is the project's. */
export const CACHE = new URL('../.cache/bench/', import.meta.url)

/** Folders with a `package.json` and the `package-lock.json` that it was resolved to. */
const LOCKS = new URL('./locks/', import.meta.url)

/**
 * Installs a package that only benchmarks or some tests need into a cache on first use, without running install
 * scripts. Processes that install it at once do not disturb each other.
 *
 * @param lock Folder in `bench/locks/`, which fixes the version and the hash of each package that it brings. Default:
 *   npm chooses these.
 * @returns Its folder.
 * @throws Error with a one-line message when it cannot be installed.
 */
export async function onDemandPackage(
  name: string,
  version: string,
  lock: string | null = null
): Promise<URL> {
  const home = new URL(`${name.replaceAll('/', '+')}@${version}/`, CACHE)
  const folder = new URL(`node_modules/${name}/`, home)
  const isThere = async (): Promise<boolean> => (await installedVersion(folder)) === version
  const fail = (reason: string): never => {
    throw new Error(`${name}@${version} could not be installed: ${reason}`)
  }
  if (await isThere()) return folder
  await makeWhole(home, isThere, async draft => {
    const problem = await (lock === null
      ? installPackage(`${name}@${version}`, draft)
      : installLocked(new URL(`${lock}/`, LOCKS), draft))
    if (problem !== null) fail(problem)
  })
  return (await isThere()) ? folder : fail('npm left it out')
}

/**
 * Makes a folder of the cache, which appears when `fill` has filled a draft of it.
 *
 * @param isWhole Whether a folder that is there already is as good; any other is replaced.
 */
export async function makeWhole(
  home: URL,
  isWhole: () => Promise<boolean>,
  fill: (draft: URL) => Promise<void>
): Promise<void> {
  await mkdir(CACHE, { recursive: true })
  const draft = pathToFileURL(`${await mkdtemp(fileURLToPath(new URL('draft-', CACHE)))}/`)
  try {
    await fill(draft)
    if ((await isPlaced(draft, home)) || (await isWhole())) return
    // What is there was left by somebody who was ended.
    await rm(home, { recursive: true, force: true })
    await isPlaced(draft, home)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** Gives a draft its name. @returns Whether nothing was there; another process may have been faster. */
async function isPlaced(draft: URL, home: URL): Promise<boolean> {
  try {
    await rename(draft, home)
    return true
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) return false
    throw error
  }
}

async function installedVersion(folder: URL): Promise<string | undefined> {
  try {
    const manifest: unknown = JSON.parse(await readFile(new URL('package.json', folder), 'utf8'))
    return textMember(manifest, 'version')
  } catch {
    return undefined
  }
}

async function installPackage(specifier: string, home: URL): Promise<string | null> {
  // Without a package.json, npm would use the project above.
  await writeFile(new URL('package.json', home), '{ "private": true }\n')
  return runNpm(['install', '--no-package-lock', specifier], home)
}

async function installLocked(lock: URL, home: URL): Promise<string | null> {
  for (const file of ['package.json', 'package-lock.json']) {
    await copyFile(new URL(file, lock), new URL(file, home))
  }
  return runNpm(['ci'], home)
}

/** Null on success, else the first line of npm's error. */
async function runNpm(args: readonly string[], home: URL): Promise<string | null> {
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = spawn('npm', [...args, ...options], {
    cwd: fileURLToPath(home),
    stdio: ['ignore', 'ignore', 'pipe']
  })
  let said = ''
  npm.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  try {
    const [code] = await once(npm, 'close')
    if (code === 0) return null
    return said.trim().split('\n', 1)[0] || `npm ended with ${code}`
  } catch {
    return 'there is no npm'
  }
}
