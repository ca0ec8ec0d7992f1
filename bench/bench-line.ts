/** Results of one side of a comparison: one figure per round, in order. */
export type Side = { readonly name: string; readonly figures: readonly number[] }

/** A line of the benchmark table. */
export type BenchLine = {
  /** Name on the command line. Informational lines share it with the line that has the target. */
  readonly row: string
  /** What is measured. */
  readonly what: string
  readonly unit: 'requests/s' | 'records/s' | 'ms' | 'µs' | 'MB' | 'a load'
  readonly ours: Side
  /** The reference, measured alternately; null where the target is absolute. */
  readonly reference: Side | null
  /** Ratio of the medians, as in the target; null without a reference. */
  readonly ratio: number | null
  readonly target: string
  /** Null for an informational line. */
  readonly isMet: boolean | null
}

/** A row that could not be measured, with a one-line reason. */
export type UnmeasuredRow = { readonly row: string; readonly reason: string }

/** Duration of a row. */
export type BenchBounds = {
  /** Measurements of each side. */
  readonly rounds: number
  /** Seconds per throughput measurement; below 1, a trial of a hundred requests. */
  readonly seconds: number
}

/** The upper median. */
export function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN
}

/** The medians' ratio. */
export function ratioOf(above: Side, below: Side): number {
  return median(above.figures) / median(below.figures)
}

/** A line that compares throughput with a reference, with a minimum ratio as target. */
export function throughputLine(
  { row, what }: Pick<BenchLine, 'row' | 'what'>,
  { ours, reference }: { readonly ours: Side; readonly reference: Side },
  target: number
): BenchLine {
  const ratio = ratioOf(ours, reference)
  const judged = { ratio, target: `≥ ${target}`, isMet: ratio >= target }
  return { row, what, unit: 'requests/s', ours, reference, ...judged }
}

/** A line that compares a cost with a reference, with a maximum ratio as target. */
export function costLine(
  { row, what, unit }: Pick<BenchLine, 'row' | 'what' | 'unit'>,
  { ours, reference }: { readonly ours: Side; readonly reference: Side },
  target: number,
  isJudged = true
): BenchLine {
  const ratio = ratioOf(ours, reference)
  const isMet = isJudged ? ratio <= target : null
  return { row, what, unit, ours, reference, ratio, target: `≤ ${target}`, isMet }
}

/** A line with an absolute maximum as target. */
export function absoluteLine(
  { row, what, unit }: Pick<BenchLine, 'row' | 'what' | 'unit'>,
  ours: Side,
  target: number
): BenchLine {
  const judged = { target: `≤ ${target}`, isMet: median(ours.figures) <= target }
  return { row, what, unit, ours, reference: null, ratio: null, ...judged }
}
