import type { Pointer } from '../../base/json-pointer.ts'
import { pointerParts } from '../../base/json-pointer.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { shown } from './value-kinds.ts'

/** What stands in documents where a value was never written: what tools write, and names in brackets. */
const PLACEHOLDER = /^(?:string|\{\{[^{}]*\}\}|\{[\w.-]+\}|<[\w .-]+>|\$\{[\w.-]+\})$/

/** Properties whose values are names in brackets, and those whose value can be the word `string`. */
const TEMPLATE_NAME = /format|template|pattern|expression|mask|macro|variable|placeholder/i
const KIND_NAME = /(?:type|kind|format)$/i

/** What stands between the name of a property and its example. */
const BETWEEN = /^(?:examples?|value|schema|\d+)$/

const FORMATS: { readonly [format: string]: { readonly name: string; readonly pattern: RegExp } } =
  {
    date: { name: 'a date as 2026-06-15', pattern: /^\d{4}-\d\d-\d\d$/ },
    'date-time': {
      name: 'a moment as 2026-06-15T09:00:00Z',
      pattern: /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d)$/
    },
    email: { name: 'an email address', pattern: /^[^@\s]+@[^@\s]+$/ },
    uuid: {
      name: 'a UUID',
      pattern: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
    },
    uri: { name: 'a URI with its scheme', pattern: /^[a-z][a-z\d+.-]*:/i },
    ipv4: { name: 'an IPv4 address', pattern: /^\d{1,3}(?:\.\d{1,3}){3}$/ },
    ipv6: { name: 'an IPv6 address', pattern: /^[\da-f:.]{2,45}$/i }
  }

/** A misfit, and what to write. */
export type Fault = { readonly at: Pointer; readonly reason: string; readonly fix: string }

/** Whether a text stands for a value that was never written. */
function isPlaceholder(
  value: string,
  at: Pointer,
  { allowed, node, keywords }: SchemaView
): boolean {
  if (!PLACEHOLDER.test(value) || allowed?.includes(value) === true) return false
  const name = pointerParts(at)?.findLast(part => !BETWEEN.test(part)) ?? ''
  if (value === 'string') return !KIND_NAME.test(name)
  const { description } = node
  const isDescribed = typeof description === 'string' && description.includes(value)
  return !isDescribed && !TEMPLATE_NAME.test(name) && keywords.default !== value
}

/** Why a text cannot be a value of a schema: it is a placeholder, or not of the format. */
export function faultsOfText(value: string, at: Pointer, view: SchemaView): Fault[] {
  const { format } = view
  if (isPlaceholder(value, at, view)) {
    const fix = 'Write a value that the API has.'
    return [{ at, reason: `${shown(value)} is a placeholder`, fix }]
  }
  const known = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined
  return known === undefined || known.pattern.test(value)
    ? []
    : [
        {
          at,
          reason: `${shown(value)} is not ${known.name}`,
          fix: `Write ${known.name}, or correct \`format: ${format}\` of the schema.`
        }
      ]
}
