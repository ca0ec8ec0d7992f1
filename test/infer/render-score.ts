import type { Label } from './label.ts'
import { ROLES } from './label.ts'
import type { ScoredLabel } from './score-labels.ts'
import type { Score, Share } from './score.ts'
import { FACTS } from './score.ts'

/** What was missed and what was wrong, by document. */
export function renderFindings(scored: readonly ScoredLabel[]): string {
  return scored
    .filter(({ score }) => score.findings.length > 0)
    .map(({ label, score }) => {
      const lines = score.findings.map(
        ({ kind, role, text }) => `  ${[kind, ...(role === null ? [] : [role])].join(' ')}  ${text}`
      )
      return [label.document, ...lines].join('\n')
    })
    .join('\n')
}

/** The score of all documents as a table. */
export function renderScore(labels: readonly Label[], score: Omit<Score, 'findings'>): string {
  const resources = labels.reduce((total, label) => total + label.resources.length, 0)
  return [
    `${labels.length} documents, ${resources} resources`,
    'role     precision            recall',
    ...ROLES.map(role =>
      [role.padEnd(7), shareWords(score.precision[role]), shareWords(score.recall[role])].join('  ')
    ),
    'fact',
    ...FACTS.map(fact => `${fact.padEnd(9)}${shareWords(score.facts[fact])}`),
    `wrong writes: ${score.wrongWrites.length}`,
    ...score.wrongWrites.map(each => `  ${each}`)
  ].join('\n')
}

function shareWords({ right, of }: Share): string {
  const percent = of === 0 ? '–' : `${((100 * right) / of).toFixed(1)} %`
  return `${percent.padStart(7)}  ${`${right} of ${of}`.padEnd(10)}`
}
