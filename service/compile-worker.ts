import './base/forget-proto.ts'

import { compileCatalog } from './compiler/catalog/compile-catalog.ts'
import { compileDocument } from './compiler/compile-document.ts'
import { documentTexts } from './compiler/document-texts.ts'
import type { OverlayProposal } from './compiler/infer/overlay-proposal.ts'
import { overlayProposal } from './compiler/infer/overlay-proposal.ts'
import { proposeTypes } from './compiler/infer/propose-types.ts'
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
import type { Catalog } from './model/catalog.ts'
import type { DocumentTexts } from './model/document-texts.ts'
import { packJson, packModel } from './model/packed-model.ts'
import type { ParsedDocument } from './parse/parse-document.ts'
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
  if (task.kind === 'report') return { report: packJson(reportOn(linked, task)) }
  const model = compileDocument(linked, bounds, options.compiling)
  const types = model.index.types.flatMap(name => model.types[name] ?? [])
  return { model: packModel(model, describeTypes(types)) }
}

function reportOn(
  document: ParsedDocument,
  { request, bounds, options }: Extract<CompileTask, { readonly kind: 'report' }>
): Catalog | OverlayProposal | DocumentTexts {
  const { asked, diagnostics } = request
  if (asked.of === 'proposal') return overlayProposal(document, proposeTypes(document, asked))
  const model = compileDocument(document, bounds, options.compiling)
  if (asked.of === 'texts') return documentTexts(document, model)
  const catalog = compileCatalog(document, model, asked.options, options.compiling)
  return { ...catalog, diagnostics: [...diagnostics, ...catalog.diagnostics] }
}

/** Returns the memory of earlier documents to the system; V8 would keep it until it needs it again. */
function collectGarbage(): void {
  isCollectionScheduled = false
  if (process.memoryUsage.rss() > IDLE_MEMORY_MAX_BYTES) {
    gc?.({ type: 'major', flavor: 'last-resort' })
  }
}
