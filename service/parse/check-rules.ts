import { Worker } from 'node:worker_threads'

import { compileCacheEnvironment } from '../processes/compile-cache.ts'
import type { BrokenRule } from './check-structure.ts'
import type { Place } from './find-places.ts'
import { findPlaces } from './find-places.ts'
import type { ParsedDocument } from './parse-document.ts'

/** A broken rule with its position in the text that breaks it. */
export type LocatedRule = BrokenRule & Place

/** A `.ts` file in a checkout, a `.js` file in the package. */
const WORKER = new URL(`./check-rules-worker${import.meta.url.slice(-3)}`, import.meta.url)

/** Hostile documents make the rules run endlessly. */
const RULES_TIMEOUT_MS = 10_000

/** Larger documents are not checked. */
const RULES_MAX_BYTES = 16 * 1024 * 1024

/**
 * Checks the structure of a document by its OpenAPI version and, where that is right, the rules of
 * @readme/openapi-parser. It runs in a thread that is terminated after `timeoutMs`.
 *
 * @returns Null when the document could not be checked: it is too large, or the check timed out.
 */
export async function checkRules(
  document: ParsedDocument,
  timeoutMs = RULES_TIMEOUT_MS
): Promise<LocatedRule[] | null> {
  const json = document.text.length > RULES_MAX_BYTES ? null : JSON.stringify(document.root)
  // Written as JSON, aliases expand.
  const isSmall = json !== null && json.length <= RULES_MAX_BYTES
  const broken = isSmall ? await runRules(json, timeoutMs) : null
  if (broken === null) return null
  const pointers = broken.map(({ pointer }) => pointer)
  const places = findPlaces(document, pointers)
  const start = { file: document.url, line: 1, column: 1 }
  return broken.map(rule => ({ ...rule, ...(places.get(rule.pointer) ?? start) }))
}

function runRules(json: string, timeoutMs: number): Promise<BrokenRule[] | null> {
  return new Promise(resolve => {
    const worker = new Worker(WORKER, {
      workerData: json,
      env: compileCacheEnvironment(),
      resourceLimits: { maxOldGenerationSizeMb: 1024 }
    })
    const finish = (broken: BrokenRule[] | null): void => {
      clearTimeout(end)
      resolve(broken)
      void worker.terminate()
    }
    const end = setTimeout(finish, timeoutMs, null)
    worker.once('message', finish)
    worker.once('error', () => finish(null))
  })
}
