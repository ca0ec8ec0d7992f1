import { yamlFlow } from '../../base/yaml-flow.ts'
import type { SuggestedType, Survey } from '../../compiler/survey/suggest-types.ts'
import { operationsByKind } from '../../compiler/survey/survey-words.ts'
import { findPositions } from '../../parse/find-positions.ts'
import type { ParsedDocument } from '../../parse/parse-document.ts'

/** How many operations of a kind, and how many types, are listed. */
const OPERATIONS_SHOWN = 5
const TYPES_SHOWN = 20

/**
 * Writes what a document without keys has: its operations by kind, the types that could be made of it, and what to
 * write first, in the format of the document.
 *
 * @param location As the command was given it.
 */
export function renderSurvey(document: ParsedDocument, survey: Survey, location: string): string {
  const { types } = survey
  const [first] = types
  const kinds = operationsByKind(survey).flatMap(({ words, operations }) => [
    `  ${words}`,
    ...cut(
      operations.map(({ target: { method, path } }) => `    ${method} ${path}`),
      OPERATIONS_SHOWN,
      '    '
    )
  ])
  const found =
    kinds.length === 0 ? ['The document has no operations.'] : ['The document has', ...kinds]
  return [
    'No types to install. The document has no `x-flow-type`.',
    found.join('\n'),
    ...(types.length === 0 ? [] : [possibleTypes(types)]),
    first === undefined ? NOTHING : firstSteps(document, first, location)
  ].join('\n\n')
}

const NOTHING = `To begin, describe an operation whose answer or body is an object with properties, then give the
schema of that object an \`x-flow-type\`: docs/x-flow.md#a-complete-example.`

function possibleTypes(types: readonly SuggestedType[]): string {
  const width = types
    .slice(0, TYPES_SHOWN)
    .reduce((widest, { name }) => Math.max(widest, name.length), 0)
  const lines = types.map(({ name, mappings }) => {
    const verbs = mappings.map(key => key.replace('x-flow-', ''))
    return `  ${name.padEnd(width)}  ${verbs.join(', ')}`
  })
  return ['Types that it could have, and what they can do', ...cut(lines, TYPES_SHOWN, '  ')].join(
    '\n'
  )
}

function firstSteps(document: ParsedDocument, type: SuggestedType, location: string): string {
  const isJson = /^\s*\{/.test(document.text)
  const { line } = findPositions(document.text, [type.at]).get(type.at) ?? { line: 1 }
  const place =
    type.schema === null
      ? `To begin with ${type.name}, add to the schema #${type.at} (line ${line})`
      : `To begin with ${type.name}, write this schema in components.schemas, with the properties that you need`
  const keys = { ...type.keys() }
  const lines = Object.entries(keys).map(([key, value]) =>
    isJson ? `${JSON.stringify(key)}: ${JSON.stringify(value)},` : `${key}: ${yamlFlow(value)}`
  )
  const custom = Object.keys(Object(keys['x-flow-type']).customProperties ?? {})
  return [
    place,
    '',
    ...snippet(type, lines, isJson).map(text => `    ${text}`),
    '',
    ...(custom.length === 0
      ? []
      : [`A flow gives ${custom.join(', ')} in its filter, or with the object that it saves.`]),
    `Then run: openapi-flow check ${location}`,
    'All keys: docs/x-flow.md#where-the-keys-go'
  ].join('\n')
}

/** The lines to copy: keys, or a whole schema with them. */
function snippet(
  { name, schema }: SuggestedType,
  keys: readonly string[],
  isJson: boolean
): string[] {
  if (schema === null) return [...keys]
  if (!isJson) {
    const members = Object.entries(schema).map(([key, value]) => `${key}: ${yamlFlow(value)}`)
    return [`${yamlFlow(name)}:`, ...[...keys, ...members].map(line => `  ${line}`)]
  }
  const members = Object.entries(schema).map(
    ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`
  )
  return [
    `${JSON.stringify(name)}: {`,
    ...[...keys, members.join(', ')].map(line => `  ${line}`),
    '}'
  ]
}

function cut(lines: readonly string[], limit: number, indent: string): string[] {
  const more = lines.length - limit
  return more > 0 ? [...lines.slice(0, limit), `${indent}and ${more} more`] : [...lines]
}
