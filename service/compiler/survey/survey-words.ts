import { yamlFlow } from '../../base/yaml-flow.ts'
import type { DiagnosticHoles } from '../../errors.ts'
import type { OperationKind, SurveyedOperation } from './survey-operations.ts'
import type { Survey } from './suggest-types.ts'

/** The kinds of operations in their order, with the words for one and for several. */
const KINDS: readonly (readonly [OperationKind, string, string])[] = [
  ['list', 'list', 'lists'],
  ['load', 'load of one object', 'loads of one object'],
  ['read', 'other read', 'other reads'],
  ['create', 'create', 'creates'],
  ['update', 'update', 'updates'],
  ['delete', 'delete', 'deletes'],
  ['other', 'other operation', 'other operations']
]

/** The operations of each kind that a document has, with words for them. */
export function operationsByKind({
  operations
}: Survey): { readonly words: string; readonly operations: readonly SurveyedOperation[] }[] {
  return KINDS.map(([kind, one, several]) => {
    const found = operations.filter(each => each.kind === kind)
    return { words: `${found.length} ${found.length === 1 ? one : several}`, operations: found }
  }).filter(({ operations: found }) => found.length > 0)
}

/** What a document without types has, and what to write first. */
export function notAnnotatedHoles(survey: Survey): DiagnosticHoles<'DOCUMENT_NOT_ANNOTATED'> {
  const counts = operationsByKind(survey).map(({ words }) => words)
  const schemas = `${survey.schemas} schema${survey.schemas === 1 ? '' : 's'}`
  return { found: [...counts, schemas].join(', '), write: firstWords(survey) }
}

function firstWords({ types: [type] }: Survey): string {
  if (type === undefined) return 'add `x-flow-type: { name: … }` to a schema with properties'
  const [named, mapping] = Object.entries(type.keys()).map(
    ([key, value]) => `\`${key}: ${yamlFlow(value)}\``
  )
  const keys = mapping === undefined ? named : `${named} and ${mapping}`
  const place = `#${type.at}`
  return type.schema === null
    ? `add ${keys} to the schema ${place}`
    : `write the schema ${place} with ${keys} and the properties that you need`
}
