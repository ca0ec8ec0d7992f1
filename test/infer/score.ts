import { plainName } from '../../service/base/plain-name.ts'
import type { Label, LabelledResource, Role } from './label.ts'
import { ROLES } from './label.ts'
import type { Proposal, ProposedResource } from './proposal.ts'

/** How many of some were right. */
export type Share = { readonly right: number; readonly of: number }

/** What is judged of a resource besides its operations. */
export const FACTS = [
  'type',
  'id',
  'records',
  'idParam',
  'record',
  'paging',
  'names',
  'together'
] as const
export type Fact = (typeof FACTS)[number]

/** A statement about one thing, to be read: which, what was proposed and what is right. */
export type Finding = {
  readonly kind: 'missed' | 'wrong' | Fact
  readonly role: Role | null
  readonly text: string
}

export type Score = {
  /** Of what was proposed in a role. */
  readonly precision: { readonly [role in Role]: Share }
  /** Of what the labels have in a role. */
  readonly recall: { readonly [role in Role]: Share }
  /** Of the resources that were found and have the fact. */
  readonly facts: { readonly [fact in Fact]: Share }
  /** Operations that were taken for a save, an update or a delete and are none. */
  readonly wrongWrites: readonly string[]
  readonly findings: readonly Finding[]
}

const WRITES: ReadonlySet<Role> = new Set(['save', 'update', 'delete'])

/** Judges what was proposed for a document by its label. */
export function scoreProposal(label: Label, { resources }: Proposal): Score {
  const judged = proposedOperations(label, resources)
  const labelled = new Map(
    ROLES.map(role => [role, new Set(label.resources.flatMap(each => each.roles[role]))])
  )
  const isRight = ({ role, operation, isFirst }: ProposedOperation): boolean =>
    isFirst && labelled.get(role)?.has(operation) === true
  const wrong = judged.filter(each => !isRight(each))
  const pairs = label.resources.map(each => ({ label: each, entry: entryOf(each, resources) }))
  const missed = pairs.flatMap(({ label: each }) =>
    ROLES.filter(role => each.roles[role].length > 0 && !hasRole(each, role, resources)).map(
      (role): Finding => ({ kind: 'missed', role, text: `${each.type}: ${each.roles[role][0]}` })
    )
  )
  const facts = pairs.flatMap(({ label: each, entry }) =>
    entry === undefined ? [] : judgeFacts(each, entry, resources)
  )
  const failed = facts.flatMap(({ fact, fault }) =>
    fault === null ? [] : [{ kind: fact, role: null, text: fault }]
  )
  return {
    precision: byRole(role =>
      share(
        judged.filter(each => each.role === role),
        isRight
      )
    ),
    recall: byRole(role =>
      share(
        label.resources.filter(each => each.roles[role].length > 0),
        each => hasRole(each, role, resources)
      )
    ),
    facts: byFact(fact =>
      share(
        facts.filter(each => each.fact === fact),
        each => each.fault === null
      )
    ),
    wrongWrites: wrong
      .filter(({ role }) => WRITES.has(role))
      .map(({ role, operation }) => `${role}: ${operation}`),
    findings: [
      ...missed,
      ...wrong.map(({ role, operation }): Finding => ({ kind: 'wrong', role, text: operation })),
      ...failed
    ]
  }
}

/** Adds the scores of several documents, without their findings. */
export function addScores(scores: readonly Score[]): Omit<Score, 'findings'> {
  const sum = (shareOf: (score: Score) => Share): Share => ({
    right: scores.reduce((total, score) => total + shareOf(score).right, 0),
    of: scores.reduce((total, score) => total + shareOf(score).of, 0)
  })
  return {
    precision: byRole(role => sum(({ precision }) => precision[role])),
    recall: byRole(role => sum(({ recall }) => recall[role])),
    facts: byFact(fact => sum(({ facts }) => facts[fact])),
    wrongWrites: scores.flatMap(({ wrongWrites }) => wrongWrites)
  }
}

type ProposedOperation = {
  readonly role: Role
  readonly operation: string
  /** Whether no resource before has it in this role. */
  readonly isFirst: boolean
}

/** What was proposed and the label judges. */
function proposedOperations(
  label: Label,
  resources: readonly ProposedResource[]
): ProposedOperation[] {
  const named = new Set(
    [
      ...label.resources.flatMap(({ roles }) => ROLES.flatMap(role => roles[role])),
      ...label.never
    ].map(pathOf)
  )
  const seen = new Set<string>()
  return resources.flatMap(resource =>
    ROLES.flatMap(role => {
      const operation = operationOf(resource, role)
      if (operation === null) return []
      const isNever = WRITES.has(role) && label.never.has(operation)
      const isOpen = label.open.has(operation) || label.open.has(`${role} ${operation}`)
      if (isOpen && !isNever) return []
      if (label.isPart && !named.has(pathOf(operation))) return []
      const isFirst = !seen.has(`${role} ${operation}`)
      seen.add(`${role} ${operation}`)
      return [{ role, operation, isFirst }]
    })
  )
}

/** The entry that has the most of a resource's operations, if it has one that reads. */
function entryOf(
  label: LabelledResource,
  resources: readonly ProposedResource[]
): ProposedResource | undefined {
  const found = (entry: ProposedResource, roles: readonly Role[]): number =>
    roles.filter(role => hasRole(label, role, [entry])).length
  return resources
    .filter(entry => found(entry, ['query', 'load']) > 0)
    .toSorted((a, b) => found(b, ROLES) - found(a, ROLES))[0]
}

function judgeFacts(
  label: LabelledResource,
  entry: ProposedResource,
  all: readonly ProposedResource[]
): { readonly fact: Fact; readonly fault: string | null }[] {
  const { paging } = label
  const judge = (fact: Fact, proposed: string | null, right: readonly string[]) => {
    const isRight = proposed !== null && right.includes(proposed.replaceAll('\\.', '.'))
    const fault = `${label.type}: ${proposed ?? 'nothing'}, right is ${right.join(' or ')}`
    return { fact, fault: isRight ? null : fault }
  }
  const hasQuery = hasRole(label, 'query', [entry])
  const hasLoad = hasRole(label, 'load', [entry])
  const { type = 'none', limitParam, positionParam, nextField } = entry.pagination ?? {}
  // A link has its own position.
  const isLink = type === 'next_link' || type === 'link_header'
  const position = isLink ? paging.position : positionParam
  const names = [limitParam, position, nextField].map(name => name ?? '–').join(' ')
  const rightNames = [paging.limit, paging.position, paging.next].map(name => name ?? '–').join(' ')
  const found = ROLES.filter(role => hasRole(label, role, all))
  const apart = found.filter(role => !hasRole(label, role, [entry]))
  return [
    judge('type', plainName(entry.type), [plainName(label.type)]),
    ...(label.id.length === 0 ? [] : [judge('id', entry.id, label.id)]),
    ...(hasQuery ? [judge('records', entry.query?.records ?? null, label.records)] : []),
    ...(hasLoad && label.idParam.length > 0
      ? [judge('idParam', entry.load?.idParam ?? null, label.idParam)]
      : []),
    ...(hasLoad ? [judge('record', entry.load?.record ?? null, label.record)] : []),
    ...(hasQuery ? [judge('paging', type, paging.type)] : []),
    ...(hasQuery && paging.type[0] === type ? [judge('names', names, [rightNames])] : []),
    ...(found.length < 2 ? [] : [judge('together', apart.join(' ') || 'all', ['all'])])
  ]
}

/** Whether one of some entries has the operation of a resource's role. */
function hasRole(
  label: LabelledResource,
  role: Role,
  entries: readonly ProposedResource[]
): boolean {
  return entries.some(entry => label.roles[role].includes(operationOf(entry, role) ?? ''))
}

function operationOf(resource: ProposedResource, role: Role): string | null {
  const proposed = resource[role]
  return proposed === null ? null : `${proposed.method.toUpperCase()} ${proposed.path}`
}

function pathOf(operation: string): string {
  return operation.slice(operation.indexOf(' ') + 1)
}

function share<T>(all: readonly T[], isRight: (each: T) => boolean): Share {
  return { right: all.filter(isRight).length, of: all.length }
}

function byRole<T>(make: (role: Role) => T): { [role in Role]: T } {
  return {
    query: make('query'),
    load: make('load'),
    save: make('save'),
    update: make('update'),
    delete: make('delete')
  }
}

function byFact<T>(make: (fact: Fact) => T): { [fact in Fact]: T } {
  return {
    type: make('type'),
    id: make('id'),
    records: make('records'),
    idParam: make('idParam'),
    record: make('record'),
    paging: make('paging'),
    names: make('names'),
    together: make('together')
  }
}
