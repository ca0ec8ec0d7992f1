/** What a mock said of the request of a mapping; `problem` says why none could be planned. */
export type CheckedRequest = {
  readonly key: string
  readonly problem: string | null
  readonly refusals: readonly string[]
}

/** `problem` says why the mock could not be asked; null if it was. */
export type CheckedDocument = {
  readonly name: string
  readonly problem: string | null
  readonly requests: readonly CheckedRequest[]
}

/** How many mappings there were, requests of them, and accepted ones; and how many documents had no mock. */
export type RequestSums = {
  readonly mappings: number
  readonly planned: number
  readonly accepted: number
  readonly unasked: number
}

export function sumRequests(documents: readonly CheckedDocument[]): RequestSums {
  const requests = documents.flatMap(each => each.requests)
  const planned = requests.filter(({ problem }) => problem === null)
  return {
    mappings: requests.length,
    planned: planned.length,
    accepted: planned.filter(({ refusals }) => refusals.length === 0).length,
    unasked: documents.filter(({ problem }) => problem !== null).length
  }
}

/** The sums in words, and what was refused or could not be planned. */
export function renderRequests(documents: readonly CheckedDocument[]): string {
  const { mappings, planned, accepted, unasked } = sumRequests(documents)
  const percent = planned === 0 ? '–' : `${((100 * accepted) / planned).toFixed(1)} %`
  const refused = documents.flatMap(({ name, requests }) =>
    requests.flatMap(({ key, problem, refusals }) =>
      problem === null && refusals.length === 0
        ? []
        : [`  ${name} ${key}: ${problem ?? refusals.join('; ')}`]
    )
  )
  return [
    `${documents.length} documents, ${mappings} mappings, ${planned} requests`,
    `${accepted} accepted (${percent})`,
    `${mappings - planned} mappings without a request, ${unasked} documents without a mock`,
    ...documents.flatMap(({ name, problem }) =>
      problem === null ? [] : [`  ${name}: ${problem}`]
    ),
    'refused, or without a request:',
    ...refused
  ].join('\n')
}
