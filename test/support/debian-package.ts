import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/**
 * What a package of Debian provides: what is there already; else, on Debian and as root, what installing the package
 * provides.
 *
 * @param find Looks for it; undefined where it is not there.
 * @throws Error with the line to type, where neither is possible.
 */
export function fromDebianPackage<T>(name: string, find: () => T | undefined): T {
  let found = find()
  if (found === undefined) {
    install(name)
    found = find()
  }
  if (found !== undefined) return found
  throw new Error(`the tests need ${name}. Type: sudo apt-get install -y ${name}`)
}

function install(name: string): void {
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) return
  const wait = ['-o', 'DPkg::Lock::Timeout=300']
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', name]]) {
    spawnSync('apt-get', [...wait, ...args], { stdio: 'ignore' })
  }
}
