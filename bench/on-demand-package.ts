import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { textMember } from '../service/base/json.ts'

/** What benchmarks and tests keep between runs; nothing of it is the project's. */
export const CACHE = new URL('../.cache/bench/', import.meta.url)

/**
 * Installs a package that only benchmarks or some tests need into a cache on first use, without running install
 * scripts. Processes that install the same package at once do not disturb each other.
 *
 * @param integrity Its hash in the form of package-lock.json; by default the registry is trusted.
 * @returns Its folder.
 * @throws Error with a one-line message when it cannot be installed, or is another than expected.
 */
export async function onDemandPackage(
  name: string,
  version: string,
  integrity?: string
): Promise<URL> {
  const home = new URL(`${name.replaceAll('/', '+')}@${version}/`, CACHE)
  const folder = new URL(`node_modules/${name}/`, home)
  if ((await installedVersion(folder)) !== version) {
    const problem = await installInto(home, `${name}@${version}`)
    if (problem !== null || (await installedVersion(folder)) !== version) {
      throw new Error(`${name}@${version} could not be installed: ${problem ?? 'npm left it out'}`)
    }
  }
  if (integrity !== undefined && !(await hasIntegrity(home, integrity))) {
    throw new Error(`${name}@${version} is another than expected`)
  }
  return folder
}

async function hasIntegrity(home: URL, integrity: string): Promise<boolean> {
  // npm compares what it installs with this hash, and writes it down.
  const lock = await readFile(new URL('node_modules/.package-lock.json', home), 'utf8')
  return lock.includes(integrity)
}

async function installedVersion(folder: URL): Promise<string | undefined> {
  try {
    const manifest: unknown = JSON.parse(await readFile(new URL('package.json', folder), 'utf8'))
    return textMember(manifest, 'version')
  } catch {
    return undefined
  }
}

/** Makes a folder with an installed package appear whole. Null on success, else the first line of npm's error. */
async function installInto(home: URL, specifier: string): Promise<string | null> {
  await mkdir(CACHE, { recursive: true })
  const draft = pathToFileURL(`${await mkdtemp(fileURLToPath(new URL('draft-', CACHE)))}/`)
  // Without a package.json, npm would use the project above.
  await writeFile(new URL('package.json', draft), '{ "private": true }\n')
  const problem = await install(specifier, draft)
  // It fails where another process was faster, whose package is as good.
  if (problem === null) await rename(draft, home).catch(() => undefined)
  await rm(draft, { recursive: true, force: true })
  return problem
}

/** Null on success, else the first line of npm's error. */
async function install(specifier: string, home: URL): Promise<string | null> {
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock']
  const npm = spawn('npm', ['install', ...options, '--loglevel=error', specifier], {
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
