import { ConnectorError } from '../errors.ts'
import type { Compiler } from './compile-pool.ts'

/**
 * Tells how each compilation ends, and how many milliseconds it took: `ok`, `known` for a document that
 * has a model already, the code of the problem, or `failed` for a failure of ours.
 *
 * @param now Milliseconds on a clock that never goes back.
 */
export function watchedCompiler(
  compiler: Pick<Compiler, 'compile'>,
  now: () => number,
  watch: (outcome: string, milliseconds: number) => void
): Pick<Compiler, 'compile'> {
  return {
    async compile(root, owner, ports) {
      const began = now()
      try {
        const compiled = await compiler.compile(root, owner, ports)
        watch(compiled.model === null ? 'known' : 'ok', now() - began)
        return compiled
      } catch (error) {
        watch(error instanceof ConnectorError ? error.code : 'failed', now() - began)
        throw error
      }
    }
  }
}
