import type { Askers } from '../base/askers.ts'
import type { Compiler } from './compile-pool.ts'
import type { DocumentSource } from './fetch-document.ts'
import type {
  DocumentRequest,
  OverlayRequest,
  Overlays,
  SourceDocument
} from './source-document.ts'
import { packText } from './source-document.ts'

type OverlayPorts = {
  readonly source: DocumentSource
  readonly compiler: Pick<Compiler, 'outline'>
}

/** What an overlay is called whose text is a configuration value. */
export const OWN_OVERLAY = 'Overlay URL'

/**
 * Reads the overlays of a document. One that is older than the document is revalidated, and one that is unusable does
 * not replace its last good copy.
 *
 * @returns Null for none.
 * @throws ConnectorError as `DocumentSource.read`, and those of `readOverlay`.
 */
export async function readOverlays(
  ports: OverlayPorts,
  { location, token, overlays = [] }: DocumentRequest,
  root: SourceDocument,
  askers: Askers
): Promise<Overlays<SourceDocument> | null> {
  if (overlays.length === 0) return null
  const read = (overlay: OverlayRequest): Promise<SourceDocument> =>
    'text' in overlay
      ? ownOverlay(overlay, root)
      : fetchOverlay(ports, overlay, token, root, askers)
  return { location, texts: await Promise.all(overlays.map(read)) }
}

function fetchOverlay(
  { source, compiler }: OverlayPorts,
  { url }: { readonly url: string },
  token: string | null,
  { fetchedAt, base }: SourceDocument,
  askers: Askers
): Promise<SourceDocument> {
  return source.read(
    { location: url, token },
    {
      use: 'overlay',
      minFetchedAt: fetchedAt,
      assertUsable: (candidate, all) => compiler.outline(candidate, base, all, 'overlay'),
      askers
    }
  )
}

/** An overlay that is its own text. Its relative references are those of the document. */
async function ownOverlay(
  { text, hash }: Extract<OverlayRequest, { text: string }>,
  { base, fetchedAt }: SourceDocument
): Promise<SourceDocument> {
  const packed = await packText(Buffer.from(text))
  const place = { key: `own ${hash}`, url: OWN_OVERLAY, base }
  return { ...place, packed, hash, contentType: null, fetchedAt, stale: null }
}
