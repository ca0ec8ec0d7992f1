import { spawnSync } from 'node:child_process'

import { fromDebianPackage } from './debian-package.ts'

/** The command of a redis-server on the PATH, where need be installed. */
export function redisServer(): string {
  const command = 'redis-server'
  const isThere = (): boolean => spawnSync(command, ['--version']).status === 0
  return fromDebianPackage(command, () => (isThere() ? command : undefined))
}
