import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'

import { corpusFolder } from '../../bench/corpus-folder.ts'
import { member } from '../../service/base/json.ts'
import { readLabels, ROLES } from './label.ts'
import { renderFindings, renderScore } from './render-score.ts'
import { addScores } from './score.ts'
import type { Fact, Share } from './score.ts'
import { scoreLabels } from './score-labels.ts'

const labels = readLabels()

/** What a flow cannot do without. */
const JUDGED: readonly Fact[] = ['id', 'records', 'idParam', 'paging', 'together']

function assertShare({ right, of }: Share, least: number, what: string): void {
  assert.ok(right >= least * of, `${what}: ${right} of ${of} is less than ${least * 100} %`)
}

test('C26 every operation and parameter that a label names is in its document', async () => {
  const folder = await corpusFolder()
  for (const { document, resources, never, open } of labels) {
    const text = await readFile(new URL(`${document}.json`, folder), 'utf8')
    const paths = member(JSON.parse(text), 'paths')
    const named = [
      ...resources.flatMap(({ roles }) => ROLES.flatMap(role => roles[role])),
      ...never,
      ...open
    ]
    for (const operation of named) {
      const [path = '', method = ''] = operation.split(' ').toReversed()
      const found = member(member(paths, path), method.toLowerCase())
      assert.ok(found !== undefined, `${document} has no ${method} ${path}`)
    }
    for (const { type, roles, idParam } of resources) {
      const used = [...roles.load, ...roles.update, ...roles.delete]
      for (const name of idParam) {
        assert.ok(
          used.every(operation => operation.includes(`{${name}}`)),
          `${document} ${type}: ${name}`
        )
      }
    }
  }
})

test('C26 of labelled real documents, at least 95% of the proposed operations are right, 90% are found, and no write is wrong', async t => {
  const scored = await scoreLabels(labels)
  const score = addScores(scored.map(each => each.score))
  t.diagnostic(renderScore(labels, score))
  t.diagnostic(renderFindings(scored))
  assert.deepEqual(score.wrongWrites, [])
  for (const role of ROLES) {
    assertShare(score.precision[role], 0.95, `precision of ${role}`)
    assertShare(score.recall[role], 0.9, `recall of ${role}`)
  }
  for (const fact of JUDGED) assertShare(score.facts[fact], 0.9, fact)
})
