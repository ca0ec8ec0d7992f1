import type { Source } from '../model/mapping-record.ts'

/** A source of a parameter as a flow builder knows it, such as `property "name"`. */
export function sourceWords(source: Source): string {
  switch (source.from) {
    case 'user':
      return `the flow user's ${source.field}`
    case 'id':
      return source.part === null ? 'the external id' : `"${source.part}" of the external id`
    case 'limit':
    case 'offset':
    case 'search':
      return `the ${source.from} of the load`
    case 'orderBy':
    case 'direction':
    case 'order':
      return 'the order of the load'
    case 'property':
      return `property "${source.path.join('.')}"`
    case 'filter':
      return `a filter by ${source.criterion} on property "${source.column}"`
    case 'variable':
      return `"${source.name}" in configuration value "Variables"`
    case 'template':
      return 'the templates of the manifest'
    default:
      return source satisfies never
  }
}
