import { percentDecoded } from '../../base/percent-encoding.ts'
import type { ServerRecord } from '../../model/endpoint-record.ts'
import type { Template } from '../../model/template.ts'
import { parseUrl } from '../../base/parse-url.ts'

/** The URL of an input or output, in the parts of an endpoint. */
export type ManifestUrl = {
  readonly server: ServerRecord
  /** Path template; each variable is a parameter of its name. */
  readonly path: string
  /** The variables of the path by the names of their parameters, which no paging has. */
  readonly pathValues: ReadonlyMap<string, Template>
  /** The pairs of the query. */
  readonly query: readonly (readonly [name: string, value: Template])[]
}

/** A character that stands for a variable while a URL is taken apart: none that a URL may have. */
const MARK = '\u{E000}'

/**
 * Takes a URL with variables apart. A URL that begins with variables has its base from there; elsewhere a variable
 * fills a part of the host, of the path or of a value of the query.
 *
 * @returns Words that say why the URL cannot be used.
 */
export function compileUrl(template: Template): ManifestUrl | string {
  const variables: Template[number][] = []
  const text = template
    .map(part => {
      if (typeof part === 'string') return part
      variables.push(part)
      return MARK
    })
    .join('')
  if (/[{}\s]/.test(text)) return 'its URL has blanks or braces that are no template'
  if (text.split(MARK).length - 1 > variables.length) return 'its URL cannot be parsed'
  const base = baseOf(text)
  if (base === '') return 'its URL is neither an http or https URL nor begins with a variable'
  if (base.includes('@')) return 'its URL has a user name or a password, which belong into `auth`'
  let next = 0
  const take = (part: string): Template => {
    const texts = part.split(MARK)
    return texts.flatMap((each, index) => {
      const variable = index === 0 ? undefined : variables[next++]
      return [...(variable === undefined ? [] : [variable]), ...(each === '' ? [] : [each])]
    })
  }
  const server = serverOf(take(base))
  if (server === undefined) return 'its URL cannot be parsed'
  const [path = '', ...queries] = (text.slice(base.length).split('#', 1)[0] ?? '').split('?')
  const pathValues = new Map<string, Template>()
  const segments = path.split(MARK).map((each, index) => {
    if (index === 0) return each
    const [variable] = take(MARK)
    const name = typeof variable === 'object' ? `env.${variable.variable}` : ''
    const key = pathValues.has(name) ? `${name}${index}` : name
    pathValues.set(key, variable === undefined ? [] : [variable])
    return `{${key}}${each}`
  })
  const pairs = queries
    .join('?')
    .split('&')
    .filter(pair => pair !== '')
    .map(pair => pair.split('='))
  if (pairs.some(([name = '']) => name.includes(MARK))) {
    return 'its URL has a template in a name of the query, where only values may have one'
  }
  const query = pairs.map(
    ([name = '', ...values]) => [decoded(name), take(values.join('=')).map(decodedPart)] as const
  )
  return { server, path: segments.join(''), pathValues, query }
}

/** Scheme and host, or the variables with which a URL begins; blank for neither. */
function baseOf(text: string): string {
  let end = 0
  while (text.startsWith(MARK, end)) end += MARK.length
  return end > 0 ? text.slice(0, end) : (/^https?:\/\/[^/?#]+/i.exec(text)?.[0] ?? '')
}

/** A base without variables must be a URL; one with any may become one. */
function serverOf(base: Template): ServerRecord | undefined {
  const url = base.map(part => (typeof part === 'string' ? part : `{${part.variable}}`)).join('')
  const hasVariables = base.some(part => typeof part !== 'string')
  if (!hasVariables && parseUrl(url) === null) return undefined
  return { url, variables: {}, template: base }
}

function decodedPart(part: Template[number]): Template[number] {
  return typeof part === 'string' ? decoded(part) : part
}

/** The text of an encoded pair; itself where it is not encoded right. */
function decoded(text: string): string {
  return percentDecoded(text.replaceAll('+', ' ')) ?? text
}
