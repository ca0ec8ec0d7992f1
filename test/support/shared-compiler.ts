import { createCompiler } from '../../service/connector.ts'
import type { Compiler } from '../../service/documents/compile-pool.ts'
import type { Settings } from '../../service/settings.ts'

const RULES = [
  'COMPILE_THREADS',
  'COMPILE_TIMEOUT_MS',
  'DERIVED_TYPES_MAX',
  'DERIVED_TYPES_PER_TYPE'
] as const

let compiled = 0
const compilers = new Map<string, Compiler>()

/**
 * One compiler for all services of a test file that have the same rules, as its process takes a moment to
 * start. It ends with the file's process, not with a service.
 */
export function sharedCompiler(settings: Settings): Omit<Compiler, 'prepare'> {
  const rules = JSON.stringify(RULES.map(name => settings[name]))
  const known = compilers.get(rules) ?? createCompiler(settings, () => {})
  compilers.set(rules, known)
  return {
    async compile(...task) {
      compiled++
      const done = await known.compile(...task)
      // It was only looked through for what has to be gathered.
      if ('outline' in done) compiled--
      return done
    },
    outline: (...task) => known.outline(...task),
    close: async () => {}
  }
}

/** How many documents were compiled so far by all services of this test file. */
export function compilations(): number {
  return compiled
}
