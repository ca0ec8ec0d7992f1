import type { Pointer } from '../base/json-pointer.ts'
import type { Position } from './find-positions.ts'
import { findPositions } from './find-positions.ts'
import { splitLocation } from './links.ts'
import type { ParsedDocument } from './parse-document.ts'

/** Where something stands: the text for people, the pointer in it, and its line and column. */
export type Place = Position & { readonly file: string; readonly pointer: Pointer }

const START = { line: 1, column: 1 }

/**
 * Finds where the values at some locations of a document stand: in its own text, in that of a part, or in that of the
 * overlay that has put them there.
 */
export function findPlaces(
  { url, text, links, origin }: ParsedDocument,
  wanted: readonly Pointer[]
): Map<Pointer, Place> {
  const found = [...new Set(wanted)].map(at => {
    const own = splitLocation(at).name === '' ? origin.originOf(at) : at
    return { at, ...splitLocation(own) }
  })
  const byName = Map.groupBy(found, ({ name }) => name)
  const texts = [{ name: '', url, text }, ...links.parts, ...origin.overlays]
  const places = texts.flatMap(each => {
    const own = byName.get(each.name) ?? []
    const pointers = own.map(({ pointer }) => pointer)
    const positions = findPositions(each.text, pointers)
    return own.map(({ at, pointer }): [Pointer, Place] => {
      return [at, { file: each.url, pointer, ...(positions.get(pointer) ?? START) }]
    })
  })
  return new Map(places)
}
