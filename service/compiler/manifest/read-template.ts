import type { Template, TemplateVariable } from '../../model/template.ts'
import { TEMPLATE_EXPRESSION } from '../../vocabulary/manifest-forms.ts'

/** Longer expressions are none. */
const EXPRESSION_MAX = 500

/** A template that cannot be read, and the expression that is to blame. */
export type TemplateFault = { readonly expression: string }

/**
 * Reads a text with `{{ env.NAME }}`, `{{ dt }}` and `{{ … | default('text') }}`. Nothing else is evaluated.
 *
 * @returns The expression that is none of these, if there is one.
 */
export function readTemplate(text: string): Template | TemplateFault {
  const parts: (string | TemplateVariable)[] = []
  let at = 0
  for (let open = text.indexOf('{{'); open !== -1; open = text.indexOf('{{', at)) {
    const close = text.indexOf('}}', open)
    const expression = text.slice(open + 2, close === -1 ? undefined : close).trim()
    const found = expression.length > EXPRESSION_MAX ? null : TEMPLATE_EXPRESSION.exec(expression)
    if (close === -1 || found === null) return { expression: expression.slice(0, 100) }
    if (open > at) parts.push(text.slice(at, open))
    const [, name, date, single, double] = found
    parts.push({ variable: name ?? date ?? '', fallback: single ?? double ?? null })
    at = close + 2
  }
  if (at < text.length) parts.push(text.slice(at))
  return parts
}

export function isTemplateFault(read: Template | TemplateFault): read is TemplateFault {
  return 'expression' in read
}
