import type { ScalarKind } from '../model/type-record.ts'

/** By kind, the other kinds that take every value of it in the same form. */
const WIDER: { readonly [kind in ScalarKind]?: readonly ScalarKind[] } = {
  integer: ['number'],
  date: ['date-time'],
  text: ['any'],
  any: ['text']
}

/** Whether values of one kind fit another as they are. */
export function takesAllOf(kind: ScalarKind, before: ScalarKind): boolean {
  return kind === before || WIDER[before]?.includes(kind) === true
}
