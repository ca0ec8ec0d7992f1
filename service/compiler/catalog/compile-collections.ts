import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, plainText, textMember } from '../../base/json.ts'
import type { CatalogCollection } from '../../model/catalog.ts'
import type { Compilation } from '../compilation.ts'
import type { DeclaredOperation } from '../endpoint/types.ts'
import type { CatalogLinks } from './catalog-links.ts'
import { shortText } from './short-text.ts'

/** The collection of operations without a tag. */
export const DEFAULT_COLLECTION = 'default'

/** Most collections. */
const COLLECTIONS_MAX = 5_000

/** Most characters of the name and of the description of a tag. */
const NAME_MAX = 1_000
const DESCRIPTION_MAX = 20_000

/** How much of a bad tag a diagnostic shows. */
const SHOWN_MAX = 60

/**
 * The collections of a document: its root tags in their order, `default` unless one of them is that, then the tags that
 * only operations have, sorted (docs/catalog.md#collections).
 */
export function compileCollections(
  compilation: Compilation,
  tags: Iterable<string>,
  links: CatalogLinks
): CatalogCollection[] {
  const found = new Map<string, CatalogCollection>()
  const add = (name: string, tag?: JsonValue): void => {
    const shown = [textMember(tag, 'x-displayName'), textMember(tag, 'summary')]
    found.set(name, {
      name,
      displayName:
        shortText(
          shown.find(text => text?.trim()),
          NAME_MAX
        ) ?? name,
      description: shortText(textMember(tag, 'description'), DESCRIPTION_MAX),
      url: links.collection(name)
    })
  }
  const { tags: declared } = compilation.root
  const listed = isJsonArray(declared) ? declared : []
  if (declared !== undefined && !isJsonArray(declared)) {
    compilation.report.add('CATALOG_TAG_SKIPPED', '/tags', { reason: '`tags` is not a list' })
  }
  for (const [index, tag] of listed.entries()) {
    const at = pointer('/tags', index)
    const name = tagName(compilation, isJsonObject(tag) ? tag.name : tag, at)
    if (name === null) continue
    if (!isJsonObject(tag)) {
      const reason = `it is the text ${shownTag(tag)}, where an object with \`name\` is due`
      compilation.report.add('CATALOG_TAG_SKIPPED', at, { reason })
    } else if (found.has(name)) {
      const reason = `another one before it has the name ${shownTag(name)}`
      compilation.report.add('CATALOG_TAG_SKIPPED', at, { reason })
    } else add(name, tag)
  }
  if (!found.has(DEFAULT_COLLECTION)) add(DEFAULT_COLLECTION)
  const others = new Set(tags).difference(new Set(found.keys()))
  for (const name of [...others].toSorted()) add(name)
  return [...found.values()].slice(0, COLLECTIONS_MAX)
}

/** The tags of an operation, each once; `default` for one without any. */
export function tagsOf(
  compilation: Compilation,
  { operation, at }: Pick<DeclaredOperation, 'operation' | 'at'>
): string[] {
  const declared = operation?.tags
  const listed = isJsonArray(declared) ? declared : declared === undefined ? [] : [declared]
  const names = listed.flatMap(
    (tag, index) => tagName(compilation, tag, pointer(at, 'tags', index)) ?? []
  )
  return names.length === 0 ? [DEFAULT_COLLECTION] : [...new Set(names)]
}

/** The name of a tag; null, with a diagnostic, for anything but text that says something. */
function tagName({ report }: Compilation, name: JsonValue | undefined, at: Pointer): string | null {
  const text = shortText(name, NAME_MAX)?.trim()
  if (text !== undefined) return text
  const reason = name === undefined ? 'it has no `name`' : `its name is ${shownTag(name)}`
  report.add('CATALOG_TAG_SKIPPED', at, { reason })
  return null
}

function shownTag(tag: JsonValue): string {
  return JSON.stringify(plainText(tag).slice(0, SHOWN_MAX))
}
