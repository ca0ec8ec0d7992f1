import type { DIAGNOSTICS } from './diagnostics.ts'
import type { ProblemEntry } from './problems.ts'
import { PROBLEMS } from './problems.ts'

export type ProblemCode = keyof typeof PROBLEMS
export type DiagnosticCode = keyof typeof DIAGNOSTICS

type HoleName<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | HoleName<Rest>
  : never

type NoHoles = { readonly [hole: string]: never }

/** Values for all holes of a text. */
export type HolesOf<Text extends string> = [HoleName<Text>] extends [never]
  ? NoHoles
  : { readonly [Name in HoleName<Text>]: string | number }

type TextOf<Entry extends { readonly message: string; readonly remedy: string }> =
  | Entry['message']
  | Entry['remedy']

/** Values for the holes of a problem; where it is one of several, for the holes of all of them. */
export type ProblemHoles<Code extends ProblemCode> = HolesOf<TextOf<(typeof PROBLEMS)[Code]>>

/** Values for the holes of a diagnostic; where it is one of several, for the holes of all of them. */
export type DiagnosticHoles<Code extends DiagnosticCode> = HolesOf<
  TextOf<(typeof DIAGNOSTICS)[Code]> | (typeof DIAGNOSTICS)[Code]['see']
>

/** The last arguments of a call: the holes, optional where there are none, and what may follow. */
export type Filling<Given, More extends readonly unknown[] = []> = NoHoles extends Given
  ? [holes?: Given, ...more: More]
  : [holes: Given, ...more: More]

/** Values for the holes of texts that are not known until run time. */
export type Holes = { readonly [hole: string]: string | number }

/** Fills the `{holes}` of a text. */
export function fillHoles(text: string, holes: Holes): string {
  return text.replace(/\{(\w+)\}/g, (_, hole: string) => String(holes[hole] ?? ''))
}

/** Values for holes with long texts cut. @param max Most characters of one. */
export function shownHoles(holes: Holes, max: number): Holes {
  return Object.fromEntries(
    Object.entries(holes).map(([hole, value]) => {
      const isLong = typeof value === 'string' && value.length > max
      return [hole, isLong ? `${value.slice(0, max).toWellFormed()}…` : value]
    })
  )
}

/** The value of the hole `suggestion`: ` (did you mean "x"?)`, or blank. */
export function suggestion(word: string | undefined): string {
  return word === undefined ? '' : ` (did you mean "${word}"?)`
}

/** The answer of an API, shown in the debugger of the flow. It contains no secrets. */
export type UpstreamAnswer = {
  /** Without query and user information. */
  readonly url: string
  readonly status: number
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string }
  /** At most 4 KB, secrets removed. */
  readonly body: string
}

export type ProblemDetails = {
  /** Status of the answer, if it is not that of the catalogue. */
  readonly status?: number
  /** Whole seconds to wait before the next try; null when not known. */
  readonly retryAfterSeconds?: number | null
  readonly upstream?: UpstreamAnswer
  /** For logs only; never holds a credential. */
  readonly cause?: unknown
}

/** What another process needs to make the same error. */
export type ProblemCopy = Pick<ConnectorError, 'code' | 'holes' | 'retryAfterSeconds'>

/** A request that failed. `Code` only ties the holes to the code where the error is made. */
export class ConnectorError<Code extends ProblemCode = ProblemCode> extends Error {
  override readonly name = 'ConnectorError'
  readonly code: ProblemCode
  readonly status: number
  readonly remedy: string
  /** `api` relays an API's own refusal; `service` is the connector's. */
  readonly kind: 'service' | 'api'
  readonly upstream: UpstreamAnswer | null
  /** Whole seconds to wait before the next try; null when not known. */
  readonly retryAfterSeconds: number | null
  readonly holes: Holes

  constructor(code: Code, ...filling: Filling<ProblemHoles<Code>, [details?: ProblemDetails]>)
  constructor(copy: ProblemCopy)
  constructor(given: ProblemCode | ProblemCopy, holes: Holes = {}, details: ProblemDetails = {}) {
    const problem =
      typeof given === 'string'
        ? { code: given, holes, retryAfterSeconds: details.retryAfterSeconds ?? null }
        : given
    const entry: ProblemEntry = PROBLEMS[problem.code]
    super(fillHoles(entry.message, problem.holes), { cause: details.cause })
    this.code = problem.code
    this.status = details.status ?? entry.status
    this.remedy = fillHoles(entry.remedy, problem.holes)
    this.kind = details.upstream === undefined ? 'service' : 'api'
    this.upstream = details.upstream ?? null
    this.retryAfterSeconds = problem.retryAfterSeconds
    this.holes = problem.holes
  }
}
