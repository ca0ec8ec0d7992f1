#!/usr/bin/env node
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(`openapi-flow needs Node.js 24 or newer, not ${process.versions.node}\n`)
  process.exit(2)
}

// Saves compiling and type stripping at the next start; where it cannot be written, Node goes on without it.
const cache = new URL('../.cache/compile', import.meta.url)
module.enableCompileCache(process.env.NODE_COMPILE_CACHE ?? fileURLToPath(cache))

// A packed package holds the compiled service, because Node strips no types inside node_modules; a
// checkout runs its sources as they are.
const compiled = new URL('../dist/main.js', import.meta.url)
const source = new URL('../service/main.ts', import.meta.url)
await import(existsSync(source) ? source.href : compiled.href)
