import './base/forget-proto.ts'

import { compileModel } from './compiler/compile-model.ts'
import type { CompileReply, CompileTask } from './documents/compile-pool.ts'
import { linkParts, outlinePart, outlineRoot, parseSource } from './documents/parse-source.ts'
import { ConnectorError } from './errors.ts'
import { packModel } from './model/packed-model.ts'
import { answerTasks } from './processes/answer-tasks.ts'
import { describeTypes } from './protocol/describe.ts'

// The process in which documents are parsed and compiled, so that one that takes long, or more memory than
// there is, holds up and ends nothing else. It reads no file, opens no connection, and asks nobody back.

/** Resident bytes that the process keeps between two documents. */
const KEPT_MAX_BYTES = 96 * 1024 * 1024

/** Milliseconds that the service gets to answer with a model before memory is given back, which takes a core. */
const REST_MS = 100

let isResting = false

answerTasks((task: CompileTask): CompileReply => {
  if (!isResting) setTimeout(letGo, REST_MS)
  isResting = true
  try {
    return perform(task)
  } catch (error) {
    if (error instanceof ConnectorError) {
      const { code, holes, retryAfterSeconds } = error
      return { problem: { code, holes, retryAfterSeconds } }
    }
    return { stack: error instanceof Error ? (error.stack ?? error.name) : 'an error of no kind' }
  }
})

function perform(task: CompileTask): CompileReply {
  if (task.kind === 'outline') return { outline: outlinePart(task.part, task.rootBase) }
  const { root, gathered, bounds } = task
  const document = parseSource(root)
  const outline = gathered === null ? outlineRoot(document, root) : null
  if (outline !== null) return { outline }
  const model = compileModel(linkParts(document, root, gathered), bounds)
  const types = model.index.types.flatMap(name => model.types[name] ?? [])
  return { model: packModel(model, describeTypes(types)) }
}

/** Gives back the memory of documents that are done, which else would stay until the next one needs it. */
function letGo(): void {
  isResting = false
  if (process.memoryUsage.rss() > KEPT_MAX_BYTES) gc?.({ type: 'major', flavor: 'last-resort' })
}
