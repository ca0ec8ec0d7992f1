import { createCompiler } from '../../service/connector.ts'
import type { Compiler } from '../../service/documents/compile-pool.ts'
import type { Settings } from '../../service/settings.ts'

const RULES = [
  'COMPILE_PROCESSES',
  'COMPILE_TIMEOUT_MS',
  'DERIVED_TYPES_MAX',
  'DERIVED_TYPES_PER_TYPE'
] as const

let compiled = 0
const compilers = new Map<string, Compiler>()

/**
 * Shares one compiler among all services of a test file with the same settings, since its process is slow to
 * start. It ends with the test file's process.
 */
export function sharedCompiler(settings: Settings): Omit<Compiler, 'prepare'> {
  const rules = JSON.stringify(RULES.map(name => settings[name]))
  const known = compilers.get(rules) ?? createCompiler(settings, () => {})
  compilers.set(rules, known)
  return {
    async compile(...task) {
      compiled++
      const done = await known.compile(...task)
      // Only an outline: nothing was compiled.
      if ('outline' in done) compiled--
      return done
    },
    report: (...task) => known.report(...task),
    outline: (...task) => known.outline(...task),
    close: async () => {}
  }
}

/** How many documents all services of this test file have compiled. */
export function compilations(): number {
  return compiled
}
