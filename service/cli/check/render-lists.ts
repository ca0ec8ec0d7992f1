import type { ConnectorModel } from '../../model/connector-model.ts'
import { mappingKeys } from '../../model/type-record.ts'
import { pagingAdvice, pagingReason, pagingWords } from '../../model/paging-words.ts'

/** A line for each list that the API answers: how it is paged, why, and what to declare to be sure. */
export function renderLists({ index, types, mappings, endpoints }: ConnectorModel): string[] {
  const keys = index.types.flatMap(name => {
    const type = types[name]
    return type === undefined ? [] : mappingKeys(type, 'query')
  })
  return keys.flatMap(key => {
    const mapping = mappings[key]
    const endpoint = endpoints[mapping?.endpoint ?? '']
    // What the document does not have is an error of its own.
    if (mapping === undefined || endpoint === undefined || endpoint.pointer === '') return []
    const { paging, example } = mapping
    if (paging === null || example !== null) return []
    const advice = pagingAdvice(paging)
    const { method, path } = endpoint
    const line = `list ${key}, ${method} ${path}: ${pagingWords(paging)} (${pagingReason(paging)})`
    return [advice === null ? line : `${line}; to be sure, ${advice}`]
  })
}
