import type { Place } from './place.ts'
import type { Subject } from './subject.ts'

/** What a property's name says of its value, in the forms in which a schema may want it. */
export type Meaning = {
  /** The first that fits its schema is taken. */
  readonly texts?: readonly string[]
  readonly number?: number
  /** Milliseconds since 1970. */
  readonly moment?: number
  readonly flag?: boolean
}

/** A property whose name is read. */
export type Property = {
  readonly subject: Subject
  /** The words before those that the role is known by: `billing` of `billingCity`. */
  readonly part: string
  readonly partWords: readonly string[]
  readonly place: Place
}

/** How a property is read whose name is, or ends with, one of these phrases. */
export type Role = {
  /** Separated by commas. */
  readonly phrases: string
  readonly mean: (property: Property) => Meaning
}

export function texts(...candidates: readonly string[]): Meaning {
  return { texts: candidates }
}
