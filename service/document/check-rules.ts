import { Worker } from 'node:worker_threads'

import type { Pointer } from '../base/json-pointer.ts'
import { findPositions, pointerAtLine } from './find-positions.ts'
import type { ParsedDocument } from './parse-document.ts'

/** A rule of the OpenAPI Specification that a document breaks, and where. */
export type BrokenRule = {
  readonly message: string
  readonly pointer: Pointer
  readonly line: number
  readonly column: number
}

/** Milliseconds after which the rules are given up: hostile documents make them run for ever. */
const RULES_TIMEOUT_MS = 10_000

/** Bytes of JSON that the rules are tried on at the most. */
const RULES_MAX_BYTES = 16 * 1024 * 1024

/**
 * Checks a document against the rules of @readme/openapi-parser, in a thread of its own that is ended
 * when it takes too long.
 *
 * @returns Null when the rules could not be tried: the document is too large for them, or made so that
 *   they do not come to an end.
 */
export async function checkRules(document: ParsedDocument): Promise<BrokenRule[] | null> {
  const json = JSON.stringify(document.root, null, 2)
  const messages = json.length > RULES_MAX_BYTES ? null : await runRules(json)
  if (messages === null) return null
  const broken = messages.map(message => {
    const [first = ''] = message.split('\n', 1)
    const line = Number(/^>\s*(\d+) \|/m.exec(message)?.[1] ?? 1)
    return { message: first.trim(), pointer: pointerAtLine(json, line) }
  })
  const pointers = broken.map(({ pointer }) => pointer)
  const positions = findPositions(document.text, pointers)
  const start = { line: 1, column: 1 }
  return broken.map(rule => ({ ...rule, ...(positions.get(rule.pointer) ?? start) }))
}

function runRules(json: string): Promise<string[] | null> {
  return new Promise(resolve => {
    const worker = new Worker(new URL('./check-rules-worker.ts', import.meta.url), {
      workerData: json,
      resourceLimits: { maxOldGenerationSizeMb: 1024 }
    })
    const finish = (messages: string[] | null): void => {
      clearTimeout(end)
      resolve(messages)
      void worker.terminate()
    }
    const end = setTimeout(finish, RULES_TIMEOUT_MS, null)
    worker.once('message', finish)
    worker.once('error', () => finish(null))
  })
}
