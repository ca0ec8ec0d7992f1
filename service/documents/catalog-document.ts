import type { Askers } from '../base/askers.ts'
import type { CatalogOptions } from '../model/catalog.ts'
import type { PackedJson } from '../model/packed-model.ts'
import type { Compiler } from './compile-pool.ts'
import type { DocumentSource } from './fetch-document.ts'
import type { PartLimits } from './gather-parts.ts'
import { createPartReader, gatherParts } from './gather-parts.ts'
import { staleDiagnostics } from './open-document.ts'
import { readOverlays } from './read-overlays.ts'
import type { ModelResolver } from './resolve-model.ts'
import type { DocumentRequest, GatheredParts, SourceDocument } from './source-document.ts'

/**
 * Catalogs the current version of a document, in a compile process. Nothing of it is kept: catalogs are rarely asked for,
 * and large.
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
  readonly resolve: ModelResolver
  readonly limits: PartLimits
}

export function createDocumentCataloger(ports: CatalogerPorts): DocumentCataloger {
  const { source, compiler, resolve, limits } = ports
  return async (request, options, askers) => {
    const root = await source.read(request, {
      use: 'document',
      minFetchedAt: Number.POSITIVE_INFINITY,
      // Flows get the new version too, so it has to have a model.
      assertUsable: (candidate, all) => resolve(request, candidate, all),
      askers
    })
    const overlays = await readOverlays({ source, compiler }, request, root, askers)
    const texts = [root, ...(overlays?.texts ?? [])]
    const catalog = async (gathered: GatheredParts | null) => {
      const stale = [...texts, ...(gathered?.parts ?? [])].flatMap(staleDiagnostics)
      const asked = { options, diagnostics: stale }
      return compiler.catalog(root, gathered, asked, askers, { overlays })
    }
    const found = await catalog(null)
    if ('catalog' in found) return found.catalog
    const parts = {
      read: createPartReader(source, root, request, askers),
      outline: (part: SourceDocument, all: Askers) => compiler.outline(part, root.base, all),
      askers
    }
    const whole = await catalog(await gatherParts(root, found.outline, parts, limits))
    if ('catalog' in whole) return whole.catalog
    throw new Error('a document with its parts was not cataloged')
  }
}
