import type { Pointer } from '../../base/json-pointer.ts'
import type { JsonObject } from '../../base/json.ts'
import {
  dictionary,
  isJsonArray,
  isJsonObject,
  member,
  plainText,
  textMember
} from '../../base/json.ts'
import type { Compilation } from '../compilation.ts'
import type { ServerRecord } from '../../model/endpoint-record.ts'

/**
 * The first server of the closest holder that names one; else the document's own origin (OpenAPI 4.8.5).
 *
 * @param holders What may have `servers`, the closest first, and where each stands.
 */
export function compileServer(
  compilation: Compilation,
  holders: readonly { readonly value: JsonObject | undefined; readonly at: Pointer }[]
): ServerRecord {
  for (const { value, at } of holders) {
    const [server] = isJsonArray(value?.servers) ? value.servers : []
    const url = textMember(server, 'url')
    if (url === undefined) continue
    const variables = member(server, 'variables')
    const names = isJsonObject(variables) ? Object.entries(variables) : []
    return {
      url: serverUrlFrom(compilation, url, at),
      variables: dictionary(
        names.map(([name, variable]) => {
          const allowed = member(variable, 'enum')
          return [
            name,
            {
              default: plainText(member(variable, 'default') ?? ''),
              allowed: isJsonArray(allowed) ? allowed.map(plainText) : null
            }
          ]
        })
      )
    }
  }
  if (!/^https?:/.test(compilation.documentUrl)) {
    compilation.report.add('SERVER_UNKNOWN', '')
  }
  return { url: '/', variables: {} }
}

/**
 * A server's URL as it stands; a relative one of another document is made absolute, since it starts from
 * that one's address. What a variable begins may be absolute.
 */
function serverUrlFrom(compilation: Compilation, url: string, at: Pointer): string {
  const base = compilation.partAt(at)?.url
  if (base === undefined || /^([a-z][a-z\d+.-]*:|\{)/i.test(url)) return url
  const absolute = URL.parse(url.replaceAll('{', '%7B').replaceAll('}', '%7D'), base)?.href
  if (absolute === undefined || !/^https?:/.test(absolute)) return url
  return absolute.replaceAll('%7B', '{').replaceAll('%7D', '}')
}
