/** What is judged of a proposal: a part of the JSON that `openapi-flow infer --json` prints. */
export type Proposal = { readonly resources: readonly ProposedResource[] }

export type ProposedResource = {
  readonly type: string
  readonly id: string | null
  readonly query: (ProposedRole & { readonly records: string | null }) | null
  readonly load:
    | (ProposedRole & { readonly idParam: string | null; readonly record: string | null })
    | null
  readonly save: ProposedRole | null
  readonly update: ProposedRole | null
  readonly delete: ProposedRole | null
  readonly pagination: ProposedPaging | null
}

export type ProposedRole = { readonly method: string; readonly path: string }

export type ProposedPaging = {
  readonly type: string
  readonly limitParam: string | null
  readonly positionParam: string | null
  readonly nextField: string | null
}
