#!/usr/bin/env node
import { existsSync } from 'node:fs'

if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(`openapi-flow needs Node.js 24 or newer, not ${process.versions.node}\n`)
  process.exit(2)
}

// A packed package holds the compiled service, because Node strips no types inside node_modules; a
// checkout runs its sources as they are.
const compiled = new URL('../dist/main.js', import.meta.url)
const source = new URL('../service/main.ts', import.meta.url)
await import(existsSync(source) ? source.href : compiled.href)
