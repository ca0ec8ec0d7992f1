import type { Proposal, ProposedResource } from '../../../service/compiler/infer/proposal.ts'
import { proposeTypes } from '../../../service/compiler/infer/propose-types.ts'
import { parseDocument } from '../../../service/parse/parse-document.ts'

/** What is proposed for a document of these paths and component schemas, in YAML without their indentation. */
export function propose(paths: string, schemas = '{}', options = {}, examples = '{}'): Proposal {
  return proposeTypes(
    parseDocument(
      documentOf(paths, schemas, examples),
      'application/yaml',
      'https://docs.example.com/a.yaml'
    ),
    { include: [], exclude: [], ...options }
  )
}

function documentOf(paths: string, schemas: string, examples: string): string {
  return `openapi: 3.0.3
info: { title: Test, version: "1" }
servers: [{ url: "https://api.example.com" }]
paths:
${indented(paths)}
components:
  examples: ${examples}
  schemas:
${indented(schemas).replaceAll(/^/gm, '  ')}
`
}

/** The roles of each resource in one line: `Pet: query GET /pets, load GET /pets/{id}`. */
export function rolesOf({ resources }: Proposal): string[] {
  return resources.map(resource => {
    const roles = (['query', 'load', 'save', 'update', 'delete'] as const).flatMap(verb => {
      const use: ProposedResource['query' | 'load' | 'save'] = resource[verb]
      return use === null ? [] : [`${verb} ${use.method} ${use.path}`]
    })
    return `${resource.type}: ${roles.join(', ')}`
  })
}

/** An answer or a body of JSON with a schema in YAML flow style. */
function json(schema: string): string {
  return `content: { application/json: { schema: ${schema} } }`
}

/** A reference to a component schema. */
export function ref(name: string): string {
  return `{ $ref: "#/components/schemas/${name}" }`
}

export function listOf(name: string): string {
  return `{ type: array, items: ${ref(name)} }`
}

/** An operation that answers with a status and a schema, and has further members. */
export function answers(schema: string, status = 200, more = ''): string {
  const rest = more === '' ? '' : `, ${more}`
  return `{ responses: { "${status}": { description: ok, ${json(schema)} } }${rest} }`
}

/** An operation that takes a body, and answers. */
export function takes(body: string, answer: string, status = 200, more = ''): string {
  const rest = more === '' ? '' : `, ${more}`
  return answers(answer, status, `requestBody: { ${json(body)} }${rest}`)
}

export const NOTHING = '{ responses: { "204": { description: gone } } }'

function indented(text: string): string {
  return text.trim().replaceAll(/^/gm, '  ')
}
