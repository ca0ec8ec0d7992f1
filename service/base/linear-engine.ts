import { createRequire } from 'node:module'

import type { RE2JS } from 're2js'

const require = createRequire(import.meta.url)

let loaded: typeof RE2JS | undefined

/** The engine of patterns that take linear time, loaded with the first of them: few documents have any. */
export function linearEngine(): typeof RE2JS {
  if (loaded === undefined) {
    const engine: { readonly RE2JS: typeof RE2JS } = require('re2js')
    loaded = engine.RE2JS
  }
  return loaded
}
