/**
 * A text with variables in it: fixed texts and variables in turn. Variables take their values from the configuration
 * value `Variables` (docs/pipelines.md#templates).
 */
export type Template = readonly (string | TemplateVariable)[]

/** The variable for the date of a run, which is no secret. */
export const RUN_DATE = 'dt'

export type TemplateVariable = {
  readonly variable: string
  /** Used where the variable has no value; null: it must have one. */
  readonly fallback: string | null
  /** The dotted path of the text in the manifest. */
  readonly place: string
}

/** The text of a template without variables; undefined for one with any. */
export function fixedText(template: Template): string | undefined {
  return template.every(part => typeof part === 'string') ? template.join('') : undefined
}
