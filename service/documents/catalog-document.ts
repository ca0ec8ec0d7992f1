import type { Askers } from '../base/askers.ts'
import type { CatalogOptions } from '../model/catalog.ts'
import type { PackedJson } from '../model/packed-model.ts'
import type { Compiler } from './compile-pool.ts'
import type { DocumentSource } from './fetch-document.ts'
import type { PartLimits } from './gather-parts.ts'
import { createPartReader, gatherParts } from './gather-parts.ts'
import { staleDiagnostics } from './open-document.ts'
import { readOverlays } from './read-overlays.ts'
import type { DocumentRequest, GatheredParts, SourceDocument } from './source-document.ts'

/**
 * Catalogs the current version of a document, in a compile process. Nothing of it is kept: catalogs are rarely asked
 * for, and large.
 *
 * @returns A `Catalog` as JSON.
 * @throws ConnectorError what `DocumentSource` and `Compiler` throw.
 */
export type DocumentCataloger = (
  request: DocumentRequest,
  options: CatalogOptions,
  askers: Askers
) => Promise<PackedJson>

export type CatalogerPorts = {
  readonly source: DocumentSource
  readonly compiler: Pick<Compiler, 'catalog' | 'outline'>
  readonly limits: PartLimits
}

export function createDocumentCataloger(ports: CatalogerPorts): DocumentCataloger {
  return async (request, options, askers) => {
    let checked: { readonly hash: string; readonly catalog: PackedJson } | undefined
    const root = await ports.source.read(request, {
      use: 'document',
      minFetchedAt: Number.POSITIVE_INFINITY,
      // A document that can be cataloged has a model, which flows need of a new version.
      assertUsable: async (candidate, all) => {
        const catalog = await catalogSource(ports, { request, options, root: candidate }, all)
        checked = { hash: candidate.hash, catalog }
      },
      askers
    })
    return checked?.hash === root.hash
      ? checked.catalog
      : catalogSource(ports, { request, options, root }, askers)
  }
}

type Job = {
  readonly request: DocumentRequest
  readonly options: CatalogOptions
  readonly root: SourceDocument
}

/** Catalogs a text, with its overlays and its parts if it has any. */
async function catalogSource(
  { source, compiler, limits }: CatalogerPorts,
  { request, options, root }: Job,
  askers: Askers
): Promise<PackedJson> {
  const overlays = await readOverlays({ source, compiler }, request, root, askers)
  const texts = [root, ...(overlays?.texts ?? [])]
  const catalog = (gathered: GatheredParts | null) => {
    const diagnostics = [...texts, ...(gathered?.parts ?? [])].flatMap(staleDiagnostics)
    return compiler.catalog(root, gathered, { options, diagnostics }, askers, { overlays })
  }
  const alone = await catalog(null)
  if ('catalog' in alone) return alone.catalog
  const parts = {
    read: createPartReader(source, root, request, askers),
    outline: (part: SourceDocument, all: Askers) => compiler.outline(part, root.base, all),
    askers
  }
  const whole = await catalog(await gatherParts(root, alone.outline, parts, limits))
  if ('catalog' in whole) return whole.catalog
  throw new Error('a document with its parts was not cataloged')
}
