import type { ConnectorModel } from '../../model/connector-model.ts'
import { pagingAdvice, pagingReason, pagingWords } from '../../model/paging-words.ts'

/** A line for each list that the API answers: how it is paged, why, and what to declare to be sure. */
export function renderLists({ index, types, mappings, endpoints }: ConnectorModel): string[] {
  return index.types.flatMap(name => {
    const mapping = mappings[types[name]?.mappings.query ?? '']
    const endpoint = endpoints[mapping?.endpoint ?? '']
    // What the document does not have is an error of its own.
    if (mapping === undefined || endpoint === undefined || endpoint.pointer === '') return []
    const { paging, key, example } = mapping
    if (paging === null || example !== null) return []
    const advice = pagingAdvice(paging)
    const { method, path } = endpoint
    const line = `list ${key}, ${method} ${path}: ${pagingWords(paging)} (${pagingReason(paging)})`
    return [advice === null ? line : `${line}; to be sure, ${advice}`]
  })
}
