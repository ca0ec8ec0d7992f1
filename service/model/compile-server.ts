import type { JsonObject } from '../base/json.ts'
import {
  dictionary,
  isJsonArray,
  isJsonObject,
  member,
  plainText,
  textMember
} from '../base/json.ts'
import type { Compilation } from './compilation.ts'
import type { ServerRecord } from './types.ts'

/** The first server of the closest holder that names one; else the document's own origin (OpenAPI 4.8.5). */
export function compileServer(
  compilation: Compilation,
  holders: readonly (JsonObject | undefined)[]
): ServerRecord {
  for (const holder of holders) {
    const [server] = isJsonArray(holder?.servers) ? holder.servers : []
    const url = textMember(server, 'url')
    if (url === undefined) continue
    const variables = member(server, 'variables')
    const names = isJsonObject(variables) ? Object.entries(variables) : []
    return {
      url,
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
