import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/**
 * The command of a redis-server: one on the PATH; else, on Debian and as root, one that is installed.
 *
 * @throws Error with the line to type, where neither is possible.
 */
export function redisServer(): string {
  const command = 'redis-server'
  const isThere = (): boolean => spawnSync(command, ['--version']).status === 0
  if (isThere()) return command
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    const wait = ['-o', 'DPkg::Lock::Timeout=300']
    for (const args of [['update'], ['install', '-y', '--no-install-recommends', command]]) {
      spawnSync('apt-get', [...wait, ...args], { stdio: 'ignore' })
    }
    if (isThere()) return command
  }
  throw new Error(
    'the tests need a redis-server on the PATH. Type: sudo apt-get install -y redis-server'
  )
}
