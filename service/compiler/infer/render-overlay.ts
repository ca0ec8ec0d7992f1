import { jsonPathOf } from '../../base/json-path.ts'
import type { Pointer } from '../../base/json-pointer.ts'
import { follow, pointerParts } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { member, textMember } from '../../base/json.ts'
import { oneLine } from '../../base/one-line.ts'
import { yamlFlow } from '../../base/yaml-flow.ts'
import { VERBS } from '../../model/mapping-record.ts'
import type { ParsedDocument } from '../../parse/parse-document.ts'
import { additionsOf } from './lay-proposal.ts'
import type { Proposal, ProposedResource, ProposedUse } from './proposal.ts'

/** How much of a reason or of a path one comment shows. */
const COMMENT_MAX = 300

/**
 * Writes a proposal as an Overlay 1.0 document in YAML (docs/x-flow.md#inference), with what speaks for each mapping as
 * comments, and what is left alone at the end.
 */
export function renderOverlay({ root }: ParsedDocument, proposal: Proposal): string {
  const { resources, skipped } = proposal
  const title = textMember(member(root, 'info'), 'title') ?? 'the API'
  const comments = new Map(resources.map(resource => [resource.at, commentsOf(resource)]))
  const actions = additionsOf(proposal).flatMap(({ at, members }) => [
    ...(comments.get(at) ?? []),
    ...actionLines(root, at, members)
  ])
  const left = skipped.map(({ method, path, reason }) => comment(`${method} ${path}: ${reason}`))
  return [
    'overlay: 1.0.0',
    `info: ${yamlFlow({ title: `Flow types of ${oneLine(title)}`, version: '1' })}`,
    ...(actions.length === 0 ? ['actions: []'] : ['actions:', ...actions]),
    ...(left.length === 0 ? [] : ['', '# Left alone', ...left]),
    ''
  ].join('\n')
}

function commentsOf(resource: ProposedResource): string[] {
  const uses = VERBS.flatMap(verb => {
    const use: ProposedUse | null = resource[verb]
    return use === null ? [] : [{ verb, use }]
  })
  return [
    comment(resource.type),
    ...uses.map(({ verb, use: { method, path, score, reasons } }) =>
      comment(`${verb}: ${method} ${path}, ${score.toFixed(2)}: ${reasons.join('; ')}`)
    )
  ].map(line => `  ${line}`)
}

function comment(text: string): string {
  return `# ${oneLine(text).slice(0, COMMENT_MAX)}`
}

/** An action that adds members to an object, one key in a line; a new object is added to the nearest one around it. */
function actionLines(root: JsonObject, at: Pointer, members: JsonObject): string[] {
  const parts = pointerParts(at) ?? []
  let target = at
  let depth = parts.length
  while (depth > 0 && follow(root, target) === undefined) {
    depth--
    target = target.slice(0, target.lastIndexOf('/'))
  }
  const missing = parts.slice(depth)
  const lines =
    missing.length === 0
      ? Object.entries(members).map(([key, value]) => `${yamlFlow(key)}: ${yamlFlow(value)}`)
      : [`${yamlFlow(missing[0] ?? '')}: ${yamlFlow(wrapped(missing.slice(1), members))}`]
  return [
    `  - target: ${JSON.stringify(jsonPathOf(root, target))}`,
    '    update:',
    ...lines.map(line => `      ${line}`)
  ]
}

function wrapped(names: readonly string[], value: JsonValue): JsonValue {
  return names.reduceRight<JsonValue>((inner, name) => ({ [name]: inner }), value)
}
