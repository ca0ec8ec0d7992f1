/** What one side came to: one figure a round, in the order in which they were measured. */
export type Side = { readonly name: string; readonly figures: readonly number[] }

/** A line of the table of design 7. */
export type BenchLine = {
  /** Name by which it is chosen; lines that are only shown share it with the one that is judged. */
  readonly row: string
  /** What is measured. */
  readonly what: string
  readonly unit: 'requests/s' | 'ms' | 'MB'
  readonly ours: Side
  /** What was measured beside it, in turn; null where the target is a figure. */
  readonly reference: Side | null
  /** Of the medians, in the sense of the target; null without a reference. */
  readonly ratio: number | null
  readonly target: string
  /** Null for a line that is shown and not judged. */
  readonly isMet: boolean | null
}

/** A row that could not be measured, and why in one line. */
export type UnmeasuredRow = { readonly row: string; readonly reason: string }

/** How long a row may take. */
export type BenchBounds = {
  /** Times that each side is measured. */
  readonly rounds: number
  /** Seconds of each throughput measurement; less than one makes it a trial of a hundred requests. */
  readonly seconds: number
}

/** The figure in the middle; the upper one of two. */
export function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN
}

/** The medians' ratio. */
export function ratioOf(above: Side, below: Side): number {
  return median(above.figures) / median(below.figures)
}

/** The line of a throughput beside a reference that is to be reached so many times. */
export function throughputLine(
  { row, what }: Pick<BenchLine, 'row' | 'what'>,
  { ours, reference }: { readonly ours: Side; readonly reference: Side },
  target: number
): BenchLine {
  const ratio = ratioOf(ours, reference)
  const judged = { ratio, target: `≥ ${target}`, isMet: ratio >= target }
  return { row, what, unit: 'requests/s', ours, reference, ...judged }
}
