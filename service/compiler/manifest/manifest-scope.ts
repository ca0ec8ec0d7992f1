import type { Pointer } from '../../base/json-pointer.ts'
import type { Report } from '../report.ts'

/** One input or output of a manifest. */
export type ManifestPart = {
  readonly kind: 'input' | 'output'
  /** Its name, which becomes that of a type. */
  readonly name: string
  /** Its dotted path, for diagnostics. */
  readonly path: string
  readonly at: Pointer
}

/** What the compiler of a part needs. */
export type ManifestScope = { readonly report: Report }

/** The anchor of a part's section in docs/pipelines.md. */
export function sectionOf({ kind }: Pick<ManifestPart, 'kind'>): string {
  return kind === 'input' ? 'inputs' : 'outputs'
}
