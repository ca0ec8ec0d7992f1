import { isJsonArray, isJsonObject, member, textMember } from '../base/json.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'

/** The style of the page, which its Content-Security-Policy names by its hash. */
export const REFERENCE_STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem; }
h1, h2 { line-height: 1.2; }
h2 { margin: 2.5rem 0 0.5rem; font-size: 1.25rem; }
code { font: 0.9em ui-monospace, monospace; overflow-wrap: anywhere; }
ul { padding-left: 1.25rem; }
section { border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
.kind { opacity: 0.7; }
summary { cursor: pointer; padding: 0.25rem 0; }
`

/**
 * Writes an OpenAPI description of the service as a page for people. It has no script, and nothing in it comes from
 * another place.
 */
export function renderReference(description: JsonObject): string {
  const title = text(textMember(description.info, 'title') ?? '')
  const operations = operationsOf(description)
  const schemas = Object.entries(objectOf(member(description.components, 'schemas')))
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}: reference</title>
<style>${REFERENCE_STYLE}</style>
</head>
<body>
<h1>${title} ${text(textMember(description.info, 'version') ?? '')}</h1>
<p>${text(textMember(description.info, 'description') ?? '')}</p>
<p>The same as <a href="openapi.json">an OpenAPI document</a>.</p>
<nav aria-label="Routes"><ul>
${operations.map(({ id, name, summary }) => `<li><a href="#${id}"><code>${name}</code></a> ${summary}</li>`).join('\n')}
</ul></nav>
<main>
${operations.map(renderOperation).join('\n')}
<h2>Schemas</h2>
${schemas.map(renderSchema).join('\n')}
</main>
</body>
</html>
`
}

/** An operation, with its texts as HTML. */
type Operation = {
  readonly id: string
  /** Method and path. */
  readonly name: string
  readonly summary: string
  readonly value: JsonObject
}

function operationsOf({ paths }: JsonObject): Operation[] {
  return Object.entries(objectOf(paths)).flatMap(([path, item]) =>
    Object.entries(objectOf(item)).map(([method, value]) => {
      const operation = objectOf(value)
      return {
        id: text(textMember(operation, 'operationId') ?? ''),
        name: text(`${method.toUpperCase()} ${path}`),
        summary: text(textMember(operation, 'summary') ?? ''),
        value: operation
      }
    })
  )
}

function renderOperation({ id, name, summary, value }: Operation): string {
  const responses = Object.entries(objectOf(value.responses))
  return `<section id="${id}">
<h2><code>${name}</code></h2>
<p>${summary}</p>
${renderContent('Body', value.requestBody)}
${responses.map(([status, response]) => renderContent(answerName(status), response)).join('\n')}
</section>`
}

function answerName(status: string): string {
  return status === 'default' ? 'Any other answer' : `Answer ${status}`
}

function renderContent(label: string, holder: JsonValue | undefined): string {
  const content = Object.entries(objectOf(member(holder, 'content')))
  if (holder === undefined) return ''
  if (content.length === 0) return `<p>${text(label)}: nothing</p>`
  return content
    .map(([mediaType, media]) => {
      const head = `${text(label)}: <code>${text(mediaType)}</code>`
      const schema = member(media, 'schema')
      return schema === undefined
        ? `<p>${head}</p>`
        : `<p>${head}, ${kindOf(schema)}</p>${membersOf(schema)}`
    })
    .join('\n')
}

function renderSchema([name, schema]: readonly [string, JsonValue]): string {
  return `<details id="schema-${text(name)}"><summary><code>${text(name)}</code></summary>
<p>${kindOf(schema)}</p>
${membersOf(schema)}
</details>`
}

/** The members of an object, or of what a list or a choice holds, one below the other. */
function membersOf(schema: JsonValue): string {
  const { properties, required, items, anyOf } = objectOf(schema)
  if (items !== undefined) return membersOf(items)
  if (isJsonArray(anyOf)) return anyOf.map(membersOf).join('')
  const needed = isJsonArray(required) ? required : []
  const entries = Object.entries(objectOf(properties)).map(([name, held]) => {
    const mark = needed.includes(name) ? '' : ', may be absent'
    return `<li><code>${text(name)}</code> <span class="kind">${kindOf(held)}${mark}</span>${membersOf(held)}</li>`
  })
  return entries.length === 0 ? '' : `<ul>${entries.join('\n')}</ul>`
}

/** What a value is, in words. */
function kindOf(schema: JsonValue): string {
  const { $ref, anyOf, items, type, const: constant } = objectOf(schema)
  if (typeof $ref === 'string') {
    const name = text($ref.slice($ref.lastIndexOf('/') + 1))
    return `<a href="#schema-${name}">${name}</a>`
  }
  if (isJsonArray(anyOf)) return [...new Set(anyOf.map(kindOf))].join(' or ')
  if (constant !== undefined) return `<code>${text(JSON.stringify(constant))}</code>`
  if (items !== undefined) return `list of ${kindOf(items)}`
  return typeof type === 'string' ? text(type) : 'any value'
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {}
}

const SIGNS: { readonly [sign: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;'
}

function text(value: string): string {
  return value.replace(/[&<>"']/g, sign => SIGNS[sign] ?? sign)
}
