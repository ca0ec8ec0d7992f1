import type { BenchLine, Side, UnmeasuredRow } from './bench-line.ts'
import { median } from './bench-line.ts'

const HEADINGS = ['row', 'measured', 'unit', 'ours', 'reference', 'ratio', 'target', '']

/** The benchmark table as text, then a line for each row that could not be measured. */
export function renderTable(
  lines: readonly BenchLine[],
  unmeasured: readonly UnmeasuredRow[]
): string {
  const rows = [HEADINGS, ...lines.map(cells)]
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  const table = rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  )
  const failures = unmeasured.map(({ row, reason }) => `${row} was not measured: ${reason}`)
  return [...table, ...failures].join('\n')
}

function cells(line: BenchLine): string[] {
  const { row, what, unit, ours, reference, ratio, target, isMet } = line
  return [
    row,
    what,
    unit,
    sideWords(ours),
    reference === null ? '' : `${sideWords(reference)} ${reference.name}`,
    ratio === null ? '' : ratio.toFixed(2),
    target,
    isMet === null ? 'not judged' : isMet ? 'met' : 'MISSED'
  ]
}

/** The median, and the least and the most of several. */
function sideWords({ figures }: Side): string {
  const middle = figureWords(median(figures))
  if (figures.length < 2) return middle
  return `${middle} (${figureWords(Math.min(...figures))}–${figureWords(Math.max(...figures))})`
}

function figureWords(figure: number): string {
  return figure.toLocaleString('en', { maximumFractionDigits: figure < 100 ? 1 : 0 })
}
