import { isHttp } from '../../base/is-http.ts'
import { parseUrl } from '../../base/parse-url.ts'
import { compareCatalogs } from '../../compiler/catalog/compare-catalogs.ts'
import { compileCatalog } from '../../compiler/catalog/compile-catalog.ts'
import type { CatalogOptions } from '../../model/catalog.ts'
import type { OperationPatterns } from '../../model/compile-options.ts'
import { USUAL_OPTIONS } from '../../model/compile-options.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'
import type { Settings } from '../../settings.ts'
import { countDiagnostics } from '../document/count-diagnostics.ts'
import { readDocument } from '../document/read-document.ts'
import type { ExitCode, Terminal } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import { shownText } from '../shown-text.ts'
import { catalogRecords } from './catalog-records.ts'
import { readCatalogFile } from './read-catalog-file.ts'
import { renderCatalog } from './render-catalog.ts'
import { renderChanges } from './render-changes.ts'

/** Most diagnostics on standard error. */
const DIAGNOSTICS_SHOWN = 10

/** How a catalog is written. */
export type CatalogCommandOptions = {
  readonly json: boolean
  readonly ndjson: boolean
  readonly service: string | undefined
  readonly docUrl: string | undefined
  readonly overlays: readonly string[]
  readonly patterns: OperationPatterns
  /** File of an earlier catalog: only what has changed is written. */
  readonly since: string | undefined
}

/**
 * `openapi-flow catalog DOC` (docs/catalog.md#from-the-command-line): writes the catalog of an API as a table, as JSON,
 * or in lines of JSON; or what has changed since an earlier one.
 */
export async function catalog(
  location: string,
  options: CatalogCommandOptions,
  settings: Settings,
  terminal: Terminal
): Promise<ExitCode> {
  const { json, ndjson, since, overlays, patterns } = options
  if (json && ndjson) throw new CommandError('--json and --ndjson exclude each other')
  const wanted = readOptions(options)
  // It is read first: it may be the file that the output is written to.
  const earlier = since === undefined ? null : await readCatalogFile(since, terminal)
  const { document, model, url } = await readDocument(location, settings, terminal, {
    overlays,
    compiling: { ...USUAL_OPTIONS, ...patterns }
  })
  const found = compileCatalog(document, model, { ...wanted, documentUrl: url }, patterns)
  if (earlier === null) {
    if (ndjson) writeLines(catalogRecords(found), terminal)
    else terminal.out(json ? JSON.stringify(found, null, 2) : renderCatalog(found))
  } else {
    const changes = compareCatalogs(earlier, found)
    if (ndjson) writeLines(changes, terminal)
    else terminal.out(json ? JSON.stringify({ changes }, null, 2) : renderChanges(changes))
  }
  tellDiagnostics(found.diagnostics, terminal)
  return 0
}

function readOptions({ service, docUrl }: CatalogCommandOptions): CatalogOptions {
  const serviceName = service?.trim()
  if (serviceName === '') throw new CommandError('--service needs a name')
  const page = docUrl === undefined ? null : parseUrl(docUrl.trim())
  if (docUrl !== undefined && (page === null || !isHttp(page))) {
    throw new CommandError(`--doc-url "${shownText(docUrl)}" is no http or https URL`)
  }
  return {
    ...(serviceName !== undefined && { serviceName }),
    ...(docUrl !== undefined && { docUrl: docUrl.trim() })
  }
}

function writeLines(records: Iterable<object>, terminal: Terminal): void {
  for (const record of records) terminal.out(JSON.stringify(record))
}

/** Tells what could not be cataloged. */
function tellDiagnostics(diagnostics: readonly Diagnostic[], terminal: Terminal): void {
  const told = diagnostics.filter(({ severity }) => severity !== 'info')
  if (told.length === 0) return
  terminal.err(`${countDiagnostics(diagnostics)}:`)
  for (const { code, severity, message, pointer } of told.slice(0, DIAGNOSTICS_SHOWN)) {
    terminal.err(shownText(`  ${severity} ${code} #${pointer} ${message}`))
  }
  const more = told.length - DIAGNOSTICS_SHOWN
  if (more > 0) terminal.err(`  and ${more} more; --json writes all`)
}
