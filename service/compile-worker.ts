import './base/forget-proto.ts'

import { compileDocument } from './compiler/compile-document.ts'
import type { CompileReply, CompileTask } from './documents/compile-pool.ts'
import { linkParts, outlinePart, outlineRoot, parseSource } from './documents/parse-source.ts'
import { ConnectorError } from './errors.ts'
import { packModel } from './model/packed-model.ts'
import { answerTasks } from './processes/answer-tasks.ts'
import { describeTypes } from './protocol/describe.ts'

// The process in which documents are parsed and compiled: one that takes too long or too much memory ends
// only its own process. It reads no files, opens no connections, and sends no requests back to the service.

/** Resident memory above which the process collects garbage once it is idle. */
const IDLE_MEMORY_MAX_BYTES = 96 * 1024 * 1024

/** How long to wait before collecting garbage, so that it does not compete with the service's answer (ms). */
const COLLECT_DELAY_MS = 100

let isCollectionScheduled = false

answerTasks((task: CompileTask): CompileReply => {
  if (!isCollectionScheduled) setTimeout(collectGarbage, COLLECT_DELAY_MS)
  isCollectionScheduled = true
  try {
    return perform(task)
  } catch (error) {
    if (error instanceof ConnectorError) {
      const { code, holes, retryAfterSeconds } = error
      return { problem: { code, holes, retryAfterSeconds } }
    }
    return { stack: error instanceof Error ? (error.stack ?? error.name) : typeof error }
  }
})

function perform(task: CompileTask): CompileReply {
  if (task.kind === 'outline') return { outline: outlinePart(task.part, task.rootBase) }
  const { root, gathered, bounds, options } = task
  const document = parseSource(root)
  const outline = gathered === null ? outlineRoot(document, root) : null
  if (outline !== null) return { outline }
  const model = compileDocument(linkParts(document, root, gathered), bounds, options)
  const types = model.index.types.flatMap(name => model.types[name] ?? [])
  return { model: packModel(model, describeTypes(types)) }
}

/** Returns the memory of earlier documents to the system; V8 would keep it until it needs it again. */
function collectGarbage(): void {
  isCollectionScheduled = false
  if (process.memoryUsage.rss() > IDLE_MEMORY_MAX_BYTES) {
    gc?.({ type: 'major', flavor: 'last-resort' })
  }
}
