import type { OpenModel } from '../model/connector-model.ts'

/** What a comparison reads of a model. */
export type ComparedModel = Pick<OpenModel, 'index' | 'types' | 'endpoints' | 'mappings'>

/** Two versions of a document, and what the types of the older one are called in the newer. */
export type Versions = {
  readonly old: ComparedModel
  readonly now: ComparedModel
  /** The names of their types. */
  readonly before: ReadonlySet<string>
  readonly after: ReadonlySet<string>
  /** By old name, the names of types that were renamed; and these names. */
  readonly renamed: ReadonlyMap<string, string>
  readonly newNames: ReadonlySet<string>
}

/** The name of an old type in the newer version. */
export function nameNow({ renamed }: Pick<Versions, 'renamed'>, name: string): string {
  return renamed.get(name) ?? name
}
