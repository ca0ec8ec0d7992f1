import { rename, stat, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'

import { errorCode } from '../../base/error-code.ts'
import { compareCatalogs } from '../../compiler/catalog/compare-catalogs.ts'
import type { CatalogChange } from '../../model/catalog-change.ts'
import type { Catalog } from '../../model/catalog.ts'
import { readCatalogFile } from '../catalog/read-catalog-file.ts'
import type { Terminal } from '../terminal.ts'

/** The catalog of the last run, in a file that runs keep. */
export type SinceFile = {
  /** What has changed since the last run; null for a first one. */
  changes(catalog: Catalog): readonly CatalogChange[] | null
  /** Keeps a catalog for the next run. */
  keep(catalog: Catalog): Promise<void>
}

/**
 * Reads the catalog of the last run (docs/catalog.md#what-has-changed-since-the-last-run). A file that is not there is one of a first run.
 *
 * @throws CommandError for a file that has no catalog.
 */
export async function openSinceFile(name: string, terminal: Terminal): Promise<SinceFile> {
  const path = resolve(terminal.directory, name)
  const exists = await stat(path).then(
    () => true,
    (error: unknown) => errorCode(error) !== 'ENOENT'
  )
  const earlier = exists ? await readCatalogFile(name, terminal) : null
  return {
    changes: catalog => earlier && compareCatalogs(earlier, catalog),
    async keep(catalog) {
      // A run that is stopped meanwhile leaves the file of the last one.
      await writeFile(`${path}.new`, JSON.stringify(catalog, null, 2))
      await rename(`${path}.new`, path)
    }
  }
}
