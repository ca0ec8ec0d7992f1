import type { Template, TemplateVariable } from '../../model/template.ts'

/** The beginning of a template, up to what may follow its variable. */
const VARIABLE = /\{\{\s*(?:env\.([A-Za-z_][A-Za-z0-9_]*)|(dt))\s*/y

/** A quoted text may have any characters, its own quote behind a backslash. */
const DEFAULT =
  /\|\s*default\s*\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(-?\d+(?:\.\d+)?|true|false))\s*\)\s*/sy

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
  const head = matchAt(VARIABLE, text, open)
  if (head === null) return undefined
  const [whole, name, date = ''] = head
  const behind = open + whole.length
  const filled = matchAt(DEFAULT, text, behind)
  const end = behind + (filled?.[0].length ?? 0)
  if (!text.startsWith('}}', end)) return undefined
  const [, single, double, plain] = filled ?? []
  const quoted = single ?? double
  const fallback = quoted === undefined ? plain : quoted.replace(/\\(['"\\])/g, '$1')
  return { variable: { variable: name ?? date, fallback: fallback ?? null }, end: end + 2 }
}

function matchAt(sticky: RegExp, text: string, at: number): RegExpExecArray | null {
  sticky.lastIndex = at
  return sticky.exec(text)
}

/** What is between the braces, as far as a message shows it. */
function expressionAt(text: string, open: number): string {
  const close = text.indexOf('}}', open)
  return text
    .slice(open + 2, close === -1 ? undefined : close)
    .trim()
    .slice(0, 100)
}
