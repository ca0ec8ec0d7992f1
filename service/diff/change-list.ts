import type { Pointer } from '../base/json-pointer.ts'
import type { HolesOf } from '../errors.ts'
import { fillHoles, shownHoles } from '../errors.ts'
import type { ChangeEntry } from './changes.ts'
import { CHANGES } from './changes.ts'

export type ChangeCode = keyof typeof CHANGES

/** What a change concerns. */
export type ChangePlace = {
  /** The version of the document that has the pointer. */
  readonly version: 'old' | 'new'
  readonly pointer: Pointer
  /** The type as the older version calls it, or the new type; null for the document as a whole. */
  readonly type: string | null
  readonly property: string | null
  /** `<verb>:<type name>`. */
  readonly mapping: string | null
}

/** A change from one version of a document to another, with what it does to installed flows. */
export type Change = ChangePlace & {
  readonly code: ChangeCode
  readonly breaks: boolean
  readonly message: string
  readonly effect: string
}

/** The changes between two versions of a document. */
export type Changes = {
  /** In the order of the older version's types: at most 1,000 that break flows, and 1,000 others. */
  readonly list: readonly Change[]
  /** How many there are in all. */
  readonly breaking: number
  readonly others: number
}

type TextOf<Code extends ChangeCode> = (typeof CHANGES)[Code]['message' | 'effect']

/** Adds a change, with the values for the holes of its texts. */
export type ReportChange = <Code extends ChangeCode>(
  code: Code,
  holes: HolesOf<TextOf<Code>>,
  place: ChangePlace
) => void

/** Changes of a kind that are listed. */
const LISTED_MAX = 1_000

/** Most characters that a text shows of a name from the document. */
const SHOWN_MAX = 300

/** Collects changes. */
export function createChangeList(): { readonly report: ReportChange; read(): Changes } {
  const list: Change[] = []
  const counts = { breaking: 0, others: 0 }
  return {
    report(code, holes, place) {
      const { breaks, message, effect }: ChangeEntry = CHANGES[code]
      if (++counts[breaks ? 'breaking' : 'others'] > LISTED_MAX) return
      const shown = shownHoles(holes, SHOWN_MAX)
      const texts = { message: fillHoles(message, shown), effect: fillHoles(effect, shown) }
      list.push({ code, breaks, ...texts, ...place })
    },
    read: () => ({ list, ...counts })
  }
}
