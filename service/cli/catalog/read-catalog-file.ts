import { parseJson } from '../../base/exact-number.ts'
import { pointerTo } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonObject } from '../../base/json.ts'
import type { Catalog } from '../../model/catalog.ts'
import { createViolationFinder } from '../../protocol/body-validator.ts'
import { CatalogAnswer } from '../../protocol/catalog-schemas.ts'
import { readTextFile } from '../document/read-text-file.ts'
import { shownText } from '../shown-text.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError } from '../terminal.ts'

/**
 * Reads a catalog that `--json` or `--ndjson` has written.
 *
 * @throws CommandError for a file that cannot be read, and for anything else in it.
 */
export async function readCatalogFile(
  name: string,
  { directory }: Pick<Terminal, 'directory'>
): Promise<Catalog> {
  const shown = shownText(name)
  const text = await readTextFile(name, { directory })
  const value = parsed(text) ?? fromLines(text)
  if (value === undefined) throw new CommandError(`"${shown}" is no catalog: it is not JSON`)
  assertCatalog(value, shown)
  return value
}

const findViolation = createViolationFinder(CatalogAnswer)

function assertCatalog(value: unknown, name: string): asserts value is Catalog {
  const violation = findViolation(value)
  if (violation === null) return
  const { path, expected } = violation
  const place = path.length === 0 ? 'its root' : shownText(pointerTo('', path))
  const words = expected.join(' or ')
  throw new CommandError(
    `"${name}" is no catalog as --json and --ndjson write it: at ${place}: ${words}`
  )
}

function parsed(text: string): JsonValue | undefined {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

/** The catalog of which each line is a record; undefined if a line is none. */
function fromLines(text: string): JsonObject | undefined {
  const records = text
    .split('\n')
    .filter(line => line.trim() !== '')
    .map(parsed)
  const byKind = new Map<string, JsonObject[]>()
  for (const value of records) {
    if (!isJsonObject(value)) return undefined
    const { record, ...entry } = value
    const kind = typeof record === 'string' ? record : ''
    const entries = byKind.get(kind) ?? []
    byKind.set(kind, entries)
    entries.push(entry)
  }
  const { counts = null, ...service } = byKind.get('service')?.[0] ?? {}
  return {
    service,
    collections: byKind.get('collection') ?? [],
    endpoints: byKind.get('endpoint') ?? [],
    counts,
    diagnostics: byKind.get('diagnostic') ?? []
  }
}
