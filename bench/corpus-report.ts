import type { CorpusForm, CorpusReply } from './corpus-task.ts'

/** What became of a document of the corpus. */
export type CorpusOutcome = {
  readonly name: string
  readonly form: CorpusForm
  /** How its process ended, or `slow`; null when it replied. */
  readonly ended: string | null
  readonly reply: CorpusReply | null
}

/** How many of the worst documents, and of the most frequent wordings, are listed. */
const WORST = 10
const WORDINGS = 100

/** Whether the service would have answered INTERNAL, or not at all. Rules that take too long are given up. */
export function isFailure({ ended, reply, form }: CorpusOutcome): boolean {
  if (form === 'rules' && ended === 'slow') return false
  return ended !== null || reply === null || reply.stack !== null
}

/** A diagnostic's message without what it quotes: that of all diagnostics of its kind. */
export function wordingOf(message: string): string {
  return message
    .replace(/"[^"]*"/g, '"…"')
    .replace(/`[^`]*[/{#][^`]*`/g, '`…`')
    .replace(/\b(GET|PUT|POST|DELETE|PATCH|HEAD|OPTIONS|TRACE|QUERY) \/\S*/g, 'METHOD /…')
    .replace(/\d+/g, '0')
}

/** The report of a run: failures, refusals, the slowest and largest, and diagnostics by code and wording. */
export function renderReport(outcomes: readonly CorpusOutcome[], documents: number): string {
  const label = ({ name, form }: CorpusOutcome): string =>
    form === 'plain' ? name : `${name}, ${form}`
  const failures = outcomes.filter(isFailure)
  const replied = outcomes.flatMap(outcome => outcome.reply ?? [])
  const sum = (count: (reply: CorpusReply) => number): number =>
    replied.reduce((total, reply) => total + count(reply), 0)
  const worst = (measure: (reply: CorpusReply) => number, unit: string): string[] =>
    outcomes
      .flatMap(each => (each.reply === null ? [] : [{ each, size: measure(each.reply) }]))
      .toSorted((a, b) => b.size - a.size)
      .slice(0, WORST)
      .map(({ each, size }) => `${String(Math.round(size)).padStart(8)} ${unit}  ${label(each)}`)
  const unchecked = outcomes.filter(({ form, ended }) => form === 'rules' && ended === 'slow')
  const refused = outcomes.filter(({ reply }) => (reply?.problem ?? null) !== null)
  return [
    `${documents} documents, ${sum(({ types }) => types)} types, ${sum(({ mappings }) => mappings)} mappings`,
    `${failures.length} failed`,
    ...failures.map(each => `  ${label(each)}: ${each.ended ?? each.reply?.stack ?? 'no reply'}`),
    `${refused.length} refused`,
    ...refused.map(each => `  ${label(each)}: ${each.reply?.problem}`),
    `${unchecked.length} not checked against all rules`,
    ...unchecked.map(({ name }) => `  ${name}`),
    '\nmost CPU time',
    ...worst(({ milliseconds }) => milliseconds, 'ms'),
    '\nmost memory',
    ...worst(({ peakBytes }) => peakBytes / 2 ** 20, 'MB'),
    `\ndiagnostics: ${sum(({ diagnostics }) => diagnostics.length)}`,
    ...wordings(replied)
  ].join('\n')
}

/** The most frequent wordings: number of diagnostics, number of documents, code, wording. */
function wordings(replies: readonly CorpusReply[]): string[] {
  const counts = new Map<string, { diagnostics: number; documents: number }>()
  for (const { diagnostics } of replies) {
    const kinds = diagnostics.map(({ code, message }) => `${code} ${wordingOf(message)}`)
    const isFirst = new Set<string>()
    for (const kind of kinds) {
      const count = counts.get(kind) ?? { diagnostics: 0, documents: 0 }
      count.diagnostics++
      if (!isFirst.has(kind)) count.documents++
      isFirst.add(kind)
      counts.set(kind, count)
    }
  }
  return [...counts]
    .toSorted(([, a], [, b]) => b.diagnostics - a.diagnostics)
    .slice(0, WORDINGS)
    .map(
      ([kind, { diagnostics, documents }]) =>
        `${String(diagnostics).padStart(8)} in ${String(documents).padStart(5)}  ${kind}`
    )
}
