import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import { textMember } from '../service/base/json.ts'

/** What benchmarks and long tests keep between runs; nothing of it is the project's. */
export const CACHE = new URL('../.cache/bench/', import.meta.url)

/** Folders with a `package.json` and the `package-lock.json` that it was resolved to. */
const LOCKS = new URL('./locks/', import.meta.url)

/**
 * Installs a package that only benchmarks or long tests need into a cache on first use, without running install
 * scripts.
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
  if ((await installedVersion(folder)) === version) return folder
  await mkdir(home, { recursive: true })
  const problem = await (lock === null
    ? installPackage(`${name}@${version}`, home)
    : installLocked(new URL(`${lock}/`, LOCKS), home))
  if (problem === null && (await installedVersion(folder)) === version) return folder
  throw new Error(`${name}@${version} could not be installed: ${problem ?? 'npm left it out'}`)
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
