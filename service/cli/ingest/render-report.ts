import type { Counts, RunReport } from '../../ingest/push/run-report.ts'
import { shownText } from '../shown-text.ts'

/** Failures and warnings that are shown each. */
const SHOWN_MAX = 50

const COLUMNS: readonly (readonly [head: string, count: (counts: Counts) => number])[] = [
  ['written', ({ created, updated }) => created + updated],
  ['unchanged', ({ unchanged }) => unchanged],
  ['filtered', ({ filtered }) => filtered],
  ['deleted', ({ deleted }) => deleted],
  ['failed', ({ failed }) => failed],
  ['not sent', ({ unsent }) => unsent]
]

/**
 * Writes the report of a run for people.
 *
 * @param isDry Whether nothing was sent.
 */
export function renderReport(report: RunReport, isDry: boolean): string {
  const { service, server, serverVersion, state, failures, warnings } = report
  const version = serverVersion === null ? '' : ` (OpenMetadata ${serverVersion})`
  const row = (name: string, cells: readonly (string | number)[]): string =>
    `  ${name.padEnd(11)}${cells.map(cell => `${cell}`.padStart(11)).join('')}`
  const counts = (name: 'collections' | 'endpoints'): string =>
    row(
      name,
      COLUMNS.map(([, count]) => count(report[name]))
    )
  return [
    `${service} to ${server}${version}: ${isDry ? 'nothing was sent' : STATES[state]}`,
    row(
      '',
      COLUMNS.map(([head]) => head)
    ),
    counts('collections'),
    counts('endpoints'),
    ...listed(
      failures.map(({ kind, name, reason, code }) => `failed ${kind} ${name}: ${reason} [${code}]`)
    ),
    ...listed(warnings.map(text => `warning: ${text}`))
  ]
    .map(shownText)
    .join('\n')
}

const STATES = { success: 'success', partialSuccess: 'partial success', failed: 'failed' } as const

function listed(lines: readonly string[]): readonly string[] {
  const more = lines.length - SHOWN_MAX
  return more > 0 ? [...lines.slice(0, SHOWN_MAX), `and ${more} more; --json writes all`] : lines
}
