import type { Askers } from '../base/askers.ts'
import { USUAL_OPTIONS } from '../model/compile-options.ts'
import type { PackedJson } from '../model/packed-model.ts'
import type { Compiler, ReportRequest } from './compile-pool.ts'
import type { DocumentSource } from './fetch-document.ts'
import type { PartLimits } from './gather-parts.ts'
import { createPartReader, gatherParts } from './gather-parts.ts'
import { staleDiagnostics } from './open-document.ts'
import { readOverlays } from './read-overlays.ts'
import type { ModelResolver } from './resolve-model.ts'
import type { DocumentRequest, GatheredParts, SourceDocument } from './source-document.ts'

/**
 * Makes a report of the current version of a document, in a compile process: its catalog, or what types it could have.
 * Nothing of it is kept: reports are rarely asked for, and large.
 *
 * @returns A `Catalog` or an `OverlayProposal` as JSON.
 * @throws ConnectorError what `DocumentSource` and `Compiler` throw.
 */
export type DocumentReporter = (
  request: DocumentRequest,
  asked: ReportRequest,
  askers: Askers
) => Promise<PackedJson>

export type ReporterPorts = {
  readonly source: DocumentSource
  readonly compiler: Pick<Compiler, 'report' | 'outline'>
  readonly resolve: ModelResolver
  readonly limits: PartLimits
}

export function createDocumentReporter(ports: ReporterPorts): DocumentReporter {
  const { source, compiler, resolve, limits } = ports
  return async (request, asked, askers) => {
    const root = await source.read(request, {
      use: 'document',
      minFetchedAt: Number.POSITIVE_INFINITY,
      // Flows get the new version too, so it has to have a model.
      assertUsable: (candidate, all) => resolve(request, candidate, all),
      askers
    })
    const overlays = await readOverlays({ source, compiler }, request, root, askers)
    const texts = [root, ...(overlays?.texts ?? [])]
    const { compiling = USUAL_OPTIONS } = request
    const report = async (gathered: GatheredParts | null) => {
      const stale = [...texts, ...(gathered?.parts ?? [])].flatMap(staleDiagnostics)
      const task = { asked, diagnostics: stale }
      return compiler.report(root, gathered, task, askers, { overlays, compiling })
    }
    const found = await report(null)
    if ('report' in found) return found.report
    const parts = {
      read: createPartReader(source, root, request, askers),
      outline: (part: SourceDocument, all: Askers) => compiler.outline(part, root.base, all),
      askers
    }
    const whole = await report(await gatherParts(root, found.outline, parts, limits))
    if ('report' in whole) return whole.report
    throw new Error('a document with its parts was not reported on')
  }
}
