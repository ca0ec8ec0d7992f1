import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import { textMember } from '../service/base/json.ts'

/** What benchmarks keep between runs; nothing of it is the project's. */
export const CACHE = new URL('../.cache/bench/', import.meta.url)

/**
 * Installs a package that only benchmarks need into a cache on first use, without running install scripts.
 *
 * @returns Its folder.
 * @throws Error with a one-line message when it cannot be installed.
 */
export async function onDemandPackage(name: string, version: string): Promise<URL> {
  const home = new URL(`${name.replaceAll('/', '+')}@${version}/`, CACHE)
  const folder = new URL(`node_modules/${name}/`, home)
  if ((await installedVersion(folder)) === version) return folder
  await mkdir(home, { recursive: true })
  // Without a package.json, npm would use the project above.
  await writeFile(new URL('package.json', home), '{ "private": true }\n')
  const problem = await install(`${name}@${version}`, home)
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
