import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'

/** The environment of a process or thread: Node's compile cache, as this process uses it, and nothing else. */
export function compileCacheEnvironment(): NodeJS.ProcessEnv {
  // Node's own directory, named for its version, is below the one that it was given.
  const directory = getCompileCacheDir()
  return directory === undefined ? {} : { NODE_COMPILE_CACHE: dirname(directory) }
}
