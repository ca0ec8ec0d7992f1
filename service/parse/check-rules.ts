import { Worker } from 'node:worker_threads'

import type { Pointer } from '../base/json-pointer.ts'
import type { Position } from './find-positions.ts'
import { findPositions } from './find-positions.ts'
import type { ParsedDocument } from './parse-document.ts'

/** A rule of the OpenAPI Specification that a document breaks, and where. */
export type BrokenRule = { readonly message: string; readonly pointer: Pointer }

/** A broken rule with its place in the hosted text. */
export type LocatedRule = BrokenRule & Position

/** Beside this file, and of its kind: a source in a checkout, compiled in a package. */
const WORKER = new URL(`./check-rules-worker${import.meta.url.slice(-3)}`, import.meta.url)

/** Milliseconds after which the rules are given up: hostile documents make them run for ever. */
const RULES_TIMEOUT_MS = 10_000

/** Bytes of JSON that the rules are tried on at the most. */
const RULES_MAX_BYTES = 16 * 1024 * 1024

/**
 * Checks a document against the schema of its OpenAPI version and, when it fits, the rules of
 * @readme/openapi-parser, in a thread of its own that is ended when it takes too long.
 *
 * @param timeoutMs Milliseconds after which they are given up.
 * @returns Null when the rules could not be tried: the document is too large for them, or made so that
 *   they do not come to an end.
 */
export async function checkRules(
  document: ParsedDocument,
  timeoutMs = RULES_TIMEOUT_MS
): Promise<LocatedRule[] | null> {
  const json = document.text.length > RULES_MAX_BYTES ? null : JSON.stringify(document.root)
  // Aliases are written out, which makes more of a text.
  const isTried = json !== null && json.length <= RULES_MAX_BYTES
  const broken = isTried ? await runRules(json, timeoutMs) : null
  if (broken === null) return null
  const positions = findPositions(
    document.text,
    broken.map(({ pointer }) => pointer)
  )
  const start = { line: 1, column: 1 }
  return broken.map(rule => ({ ...rule, ...(positions.get(rule.pointer) ?? start) }))
}

function runRules(json: string, timeoutMs: number): Promise<BrokenRule[] | null> {
  return new Promise(resolve => {
    const worker = new Worker(WORKER, {
      workerData: json,
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
