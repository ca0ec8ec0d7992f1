import type { Template, TemplateVariable } from '../../model/template.ts'
import { TEMPLATE } from '../../vocabulary/manifest-forms.ts'

/** A template that cannot be read, and the expression that is to blame. */
export type TemplateFault = { readonly expression: string }

/**
 * Reads a text with `{{ env.NAME }}`, `{{ dt }}` and `{{ … | default('text') }}`. Nothing else is evaluated.
 *
 * @param place The dotted path of the text in the manifest.
 * @returns The expression that is none of these, if there is one.
 */
export function readTemplate(text: string, place: string): Template | TemplateFault {
  const parts: (string | TemplateVariable)[] = []
  let at = 0
  for (let open = text.indexOf('{{'); open !== -1; open = text.indexOf('{{', at)) {
    const read = readVariable(text, open)
    if (read === undefined) return { expression: expressionAt(text, open) }
    if (open > at) parts.push(text.slice(at, open))
    parts.push({ ...read.variable, place })
    at = read.end
  }
  if (at < text.length) parts.push(text.slice(at))
  return parts
}

export function isTemplateFault(read: Template | TemplateFault): read is TemplateFault {
  return 'expression' in read
}

/** Reads the template that opens at an offset; undefined for one that is not evaluated. */
function readVariable(
  text: string,
  open: number
): { readonly variable: Omit<TemplateVariable, 'place'>; readonly end: number } | undefined {
  TEMPLATE.lastIndex = open
  const found = TEMPLATE.exec(text)
  if (found === null) return undefined
  const [whole, name, date = '', single, double, plain] = found
  const fallback = (single ?? double)?.replace(/\\(['"\\])/g, '$1') ?? plain ?? null
  return { variable: { variable: name ?? date, fallback }, end: open + whole.length }
}

/** What is between the braces, as far as a message shows it. */
function expressionAt(text: string, open: number): string {
  const close = text.indexOf('}}', open)
  return text
    .slice(open + 2, close === -1 ? undefined : close)
    .trim()
    .slice(0, 100)
}
