import { spawnSync } from 'node:child_process'

import { fromDebianPackage } from './debian-package.ts'

let known: string | undefined

/** The command of a redis-server on the PATH, where need be installed. It is looked for once. */
export function redisServer(): string {
  known ??= findServer()
  return known
}

function findServer(): string {
  const command = 'redis-server'
  const isThere = (): boolean => spawnSync(command, ['--version']).status === 0
  return fromDebianPackage(command, () => (isThere() ? command : undefined))
}
