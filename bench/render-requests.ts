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

/** The share of the requests that were accepted, and a report with what was refused. */
export function renderRequests(documents: readonly CheckedDocument[]): {
  readonly share: number
  readonly text: string
} {
  const requests = documents.flatMap(each => each.requests)
  const planned = requests.filter(({ problem }) => problem === null)
  const accepted = planned.filter(({ refusals }) => refusals.length === 0)
  const share = planned.length === 0 ? 0 : accepted.length / planned.length
  const unasked = documents.filter(({ problem }) => problem !== null)
  const refused = documents.flatMap(({ name, requests: own }) =>
    own.flatMap(({ key, problem, refusals }) =>
      problem === null && refusals.length === 0
        ? []
        : [`  ${name} ${key}: ${problem ?? refusals.join('; ')}`]
    )
  )
  const text = [
    `${documents.length} documents, ${requests.length} mappings, ${planned.length} requests`,
    `${accepted.length} accepted (${(100 * share).toFixed(1)} %)`,
    `${requests.length - planned.length} mappings without a request, ${unasked.length} documents without a mock`,
    ...unasked.map(({ name, problem }) => `  ${name}: ${problem}`),
    'refused, or without a request:',
    ...refused
  ].join('\n')
  return { share, text }
}
