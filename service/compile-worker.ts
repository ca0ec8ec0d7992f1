import './base/forget-proto.ts'

import { compileCatalog } from './compiler/catalog/compile-catalog.ts'
import { compileDocument } from './compiler/compile-document.ts'
import type { CompileReply, CompileTask } from './documents/compile-pool.ts'
import {
  linkParts,
  outlineDocument,
  outlineOverlay,
  outlinePart,
  outlineRoot,
  parseSource
} from './documents/parse-source.ts'
import { ConnectorError } from './errors.ts'
import { packJson, packModel } from './model/packed-model.ts'
import { answerTasks } from './processes/answer-tasks.ts'
import { describeTypes } from './protocol/describe.ts'

// The process in which documents are parsed and compiled: one that takes too long or too much memory ends
// only its own process. It reads no files, opens no connections, and sends no requests back to the service.

/** Resident memory above which the process collects garbage once it is idle. */
const IDLE_MEMORY_MAX_BYTES = 96 * 1024 * 1024

/** How long to wait before collecting garbage, so that it does not compete with the service's answer (ms). */
const COLLECT_DELAY_MS = 100

let isCollectionScheduled = false

answerTasks(async (task: CompileTask): Promise<CompileReply> => {
  if (!isCollectionScheduled) setTimeout(collectGarbage, COLLECT_DELAY_MS)
  isCollectionScheduled = true
  try {
    return await perform(task)
  } catch (error) {
    if (error instanceof ConnectorError) {
      const { code, holes, retryAfterSeconds } = error
      return { problem: { code, holes, retryAfterSeconds } }
    }
    return { stack: error instanceof Error ? (error.stack ?? error.name) : typeof error }
  }
})

const OUTLINES = { part: outlinePart, overlay: outlineOverlay, document: outlineDocument } as const

async function perform(task: CompileTask): Promise<CompileReply> {
  if (task.kind === 'outline') {
    return { outline: await OUTLINES[task.use](task.part, task.rootBase) }
  }
  const { root, gathered, bounds, options } = task
  const document = await parseSource(root, options.overlays)
  const outline = gathered === null ? outlineRoot(document, root) : null
  if (outline !== null) return { outline }
  const linked = linkParts(document, root, gathered)
  if (task.kind === 'catalog') {
    const { options: asked, diagnostics } = task.request
    const catalog = compileCatalog(linked, compileDocument(linked, bounds), asked)
    return {
      catalog: packJson({ ...catalog, diagnostics: [...diagnostics, ...catalog.diagnostics] })
    }
  }
  const model = compileDocument(linked, bounds, options.compiling)
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
