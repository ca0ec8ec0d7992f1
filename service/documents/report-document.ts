import type { Askers } from '../base/askers.ts'
import { USUAL_OPTIONS } from '../model/compile-options.ts'
import type { PackedJson } from '../model/packed-model.ts'
import type { Compiler, ReportRequest } from './compile-pool.ts'
import type { DocumentSource, UsabilityCheck } from './fetch-document.ts'
import type { PartLimits } from './gather-parts.ts'
import { createPartReader, gatherParts } from './gather-parts.ts'
import { staleDiagnostics } from './open-document.ts'
import { readOverlays } from './read-overlays.ts'
import type { DocumentRequest, GatheredParts, SourceDocument } from './source-document.ts'

/**
 * Makes a report of the current version of a document, in a compile process: its catalog, what types it could have, or its texts.
 * Nothing of it is kept: reports are rarely asked for, and large.
 *
 * @returns A `Catalog`, an `OverlayProposal` or `DocumentTexts` as JSON.
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
  /** Checks a document without its parts and overlays. */
  readonly assertDocument: UsabilityCheck
  readonly limits: PartLimits
}

export function createDocumentReporter(ports: ReporterPorts): DocumentReporter {
  return async (request, asked, askers) => {
    let checked: { readonly hash: string; readonly report: PackedJson } | undefined
    // A document on which can be reported has a model, which flows need of a new version.
    const reportWhole = async (candidate: SourceDocument, all: Askers): Promise<void> => {
      const report = await reportOn(ports, { request, asked, root: candidate }, all)
      checked = { hash: candidate.hash, report }
    }
    // Others may wait for the document with other overlays, or without.
    const isAlone = (request.overlays ?? []).length === 0
    const root = await ports.source.read(request, {
      use: 'document',
      minFetchedAt: Number.POSITIVE_INFINITY,
      assertUsable: isAlone ? reportWhole : ports.assertDocument,
      askers
    })
    return checked?.hash === root.hash
      ? checked.report
      : reportOn(ports, { request, asked, root }, askers)
  }
}

type Job = {
  readonly request: DocumentRequest
  readonly asked: ReportRequest
  readonly root: SourceDocument
}

/** Reports on a text, with its overlays and its parts if it has any. */
async function reportOn(
  { source, compiler, limits }: ReporterPorts,
  { request, asked, root }: Job,
  askers: Askers
): Promise<PackedJson> {
  const overlays = await readOverlays({ source, compiler }, request, root, askers)
  const texts = [root, ...(overlays?.texts ?? [])]
  const { compiling = USUAL_OPTIONS } = request
  const report = (gathered: GatheredParts | null) => {
    const diagnostics = [...texts, ...(gathered?.parts ?? [])].flatMap(staleDiagnostics)
    const options = { overlays, compiling }
    return compiler.report(root, gathered, { asked, diagnostics }, askers, options)
  }
  const alone = await report(null)
  if ('report' in alone) return alone.report
  const parts = {
    read: createPartReader(source, root, request, askers),
    outline: (part: SourceDocument, all: Askers) => compiler.outline(part, root.base, all),
    askers
  }
  const whole = await report(await gatherParts(root, alone.outline, parts, limits))
  if ('report' in whole) return whole.report
  throw new Error('a document with its parts was not reported on')
}
