import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import type { Form } from '../../service/base/form.ts'
import { OUTCOMES } from '../../service/ingest/push/run-report.ts'
import { SECRET_PROVIDERS } from '../../service/ingest/secrets/secret-lookup.ts'
import { readWorkflow } from '../../service/ingest/workflow/read-workflow.ts'
import { WorkflowForm } from '../../service/ingest/workflow/workflow-form.ts'
import { knownMembers } from '../../service/parse/extensions.ts'
import { PROBLEMS } from '../../service/problems.ts'
import { codeBlocks } from '../support/code-blocks.ts'

const page = readFileSync('docs/catalog.md', 'utf8')
const [, part = ''] = page.split(/^## OpenMetadata$/m)

/** Keys that the page names as a group. */
const GROUPS = /^(include|supports)/

/** The names of all keys of a form. */
function keysOf(form: Form): string[] {
  return Object.entries(knownMembers(form) ?? {}).flatMap(([name, member]) => [
    name,
    ...keysOf(member)
  ])
}

test('J15 the page names every key of a workflow file', () => {
  const keys = new Set(keysOf(WorkflowForm).filter(key => !GROUPS.test(key)))
  assert.deepEqual(
    [...keys].filter(key => !new RegExp(`[\`. ]${key}\\b`).test(part)),
    []
  )
})

test('J15 the workflow file of the page has no diagnostics', () => {
  const block = codeBlocks(page).find(({ info }) => info === 'yaml workflow.yaml')
  assert.deepEqual(readWorkflow(block?.text ?? '', 'workflow.yaml').diagnostics, [])
})

test('J15 the page explains every word of the report and every provider of secrets', () => {
  for (const word of [...SECRET_PROVIDERS, 'written', 'not sent']) {
    assert.match(part, new RegExp(`\`?${word}\\b`))
  }
  for (const outcome of OUTCOMES.filter(word => !['created', 'updated', 'unsent'].includes(word))) {
    assert.match(part, new RegExp(`^\\| ${outcome} \\|`, 'm'))
  }
})

test('J15 problems that the page helps with are those of the catalogue', () => {
  const codes = [...part.matchAll(/^\| `([A-Z_]{6,})`/gm)].map(([, code = '']) => code)
  assert.ok(codes.length > 5)
  assert.deepEqual(
    codes.filter(code => !Object.hasOwn(PROBLEMS, code)),
    []
  )
})
