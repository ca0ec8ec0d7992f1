import { VERBS } from '../service/model/mapping-record.ts'
import type { CorpusOutcome } from './corpus-report.ts'
import { isFailure, wordingOf } from './corpus-report.ts'

/** How many of something there were, by what they have in common, the most first. */
type Counts = readonly { readonly what: string; readonly count: number }[]

/** How far the connector gets with the documents of a corpus as they are. */
export type Reach = {
  readonly documents: number
  /** Documents that ended the process, took too long, or failed by an error that is no problem. */
  readonly failed: readonly string[]
  readonly refused: Counts
  readonly withTypes: number
  /** Compiled without a type, by the diagnostic that says why. */
  readonly withoutTypes: Counts
  /** Those of which nothing says why. */
  readonly unexplained: readonly string[]
  readonly types: number
  readonly emptyTypes: Counts
  readonly calls: { readonly [verb: string]: number }
  /** Calls for which no request can be planned, by problem. */
  readonly unplanned: Counts
  /** CPU time of one document (s): half of them take less, 95% take less, and the most. */
  readonly seconds: Spread
  /** Memory of the process that compiles one (MB). */
  readonly megabytes: Spread
  readonly slowest: readonly { readonly name: string; readonly seconds: number }[]
}

type Spread = { readonly median: number; readonly most95: number; readonly most: number }

/** How many of the slowest documents are listed. */
const SLOWEST = 5

/** Diagnostics that say why a document has no type. */
const REASONS = new Set(['DOCUMENT_NOT_ANNOTATED', 'TYPE_EMPTY', 'DOCUMENT_TOO_WIDE'])

/** Sums up what became of documents as they are. */
export function reachOf(outcomes: readonly CorpusOutcome[]): Reach {
  const plain = outcomes.filter(({ form }) => form === 'plain')
  const replies = plain.flatMap(({ name, reply }) => (reply === null ? [] : [{ name, ...reply }]))
  const compiled = replies.filter(({ problem, stack }) => problem === null && stack === null)
  const bare = compiled.filter(({ types }) => types === 0)
  const reasonOf = ({ diagnostics }: (typeof bare)[number]): string | undefined =>
    diagnostics.find(({ code }) => REASONS.has(code))?.code
  const seconds = replies.map(({ name, milliseconds }) => ({ name, seconds: milliseconds / 1000 }))
  return {
    documents: plain.length,
    failed: plain.filter(isFailure).map(({ name }) => name),
    refused: counted(replies.flatMap(({ problem }) => problem ?? [])),
    withTypes: compiled.length - bare.length,
    withoutTypes: counted(bare.flatMap(each => reasonOf(each) ?? [])),
    unexplained: bare.filter(each => reasonOf(each) === undefined).map(({ name }) => name),
    types: compiled.reduce((sum, { types }) => sum + types, 0),
    emptyTypes: counted(
      compiled.flatMap(({ diagnostics }) =>
        diagnostics
          .filter(({ code }) => code === 'TYPE_EMPTY')
          .map(({ message }) => wordingOf(message))
      )
    ),
    calls: Object.fromEntries(
      VERBS.map(verb => [verb, compiled.reduce((sum, { calls }) => sum + (calls[verb] ?? 0), 0)])
    ),
    unplanned: counted(
      compiled.flatMap(({ unplanned }) => unplanned.map(({ problem }) => problem))
    ),
    seconds: spread(seconds.map(each => each.seconds)),
    megabytes: spread(replies.map(({ peakBytes }) => peakBytes / 2 ** 20)),
    slowest: seconds.toSorted((a, b) => b.seconds - a.seconds).slice(0, SLOWEST)
  }
}

/** The same as a Markdown table. */
export function renderReach(reach: Reach): string {
  const { documents, withTypes, withoutTypes, refused, types, emptyTypes, calls, unplanned } = reach
  const planned = sum(Object.values(calls))
  const rows: readonly (readonly [string, string])[] = [
    ['documents', grouped(documents)],
    ['crashed, or took too long', grouped(reach.failed.length)],
    ['with types', shareWords(withTypes, documents)],
    ['without types, for a reason that is told', countWords(withoutTypes)],
    ['without types and reason', grouped(reach.unexplained.length)],
    ['refused', countWords(refused)],
    ['types', grouped(types)],
    ['types left out, for want of properties', grouped(sum(emptyTypes.map(each => each.count)))],
    ...VERBS.map(verb => [`mappings \`${verb}\``, grouped(calls[verb] ?? 0)] as const),
    ['mappings without a request', `${countWords(unplanned)} of ${grouped(planned)}`],
    ['CPU time of one document (s)', spreadWords(reach.seconds, 2)],
    ['memory of the process (MB)', spreadWords(reach.megabytes, 0)],
    ['slowest', reach.slowest.map(each => `${each.name} ${each.seconds.toFixed(1)} s`).join(', ')]
  ]
  const lines = rows.map(([what, value]) => `| ${what} | ${value} |`)
  return ['| what | result |', '| --- | --- |', ...lines].join('\n')
}

function counted(texts: readonly string[]): Counts {
  return [...Map.groupBy(texts, text => text)]
    .map(([what, all]) => ({ what, count: all.length }))
    .toSorted((a, b) => b.count - a.count)
}

function spread(figures: readonly number[]): Spread {
  const sorted = figures.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0
  return { median: at(0.5), most95: at(0.95), most: at(1) }
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0)
}

function countWords(counts: Counts): string {
  const all = grouped(sum(counts.map(({ count }) => count)))
  const each = counts.map(({ what, count }) => `\`${what}\` ${grouped(count)}`)
  return each.length === 0 ? all : `${all} (${each.join(', ')})`
}

function shareWords(count: number, all: number): string {
  return `${grouped(count)} (${all === 0 ? 0 : ((100 * count) / all).toFixed(1)} %)`
}

function spreadWords({ median, most95, most }: Spread, digits: number): string {
  const [half, usual, worst] = [median, most95, most].map(figure => figure.toFixed(digits))
  return `median ${half}, 95 % below ${usual}, most ${worst}`
}

function grouped(figure: number): string {
  return figure.toLocaleString('en')
}
