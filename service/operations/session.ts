import type { DocumentReporter } from '../documents/report-document.ts'
import type { KeptTexts } from '../documents/kept-texts.ts'
import type { ConnectorOpener } from '../documents/open-document.ts'
import { ConnectorError } from '../errors.ts'
import type { Answers, AnswerScope, CallingScope } from '../exchange/answers.ts'
import { answersOf } from '../exchange/answers.ts'
import type { MakeExample } from '../exchange/example-process.ts'
import type { Exchange } from '../exchange/types.ts'
import type { Identity } from '../identity/create-identity.ts'
import type { UserLogin } from '../identity/open-login.ts'
import type { EndpointRecord } from '../model/endpoint-record.ts'
import type { MappingRecord, MappingVerb } from '../model/mapping-record.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { mappingKeys } from '../model/type-record.ts'
import type { DecodeWarnings } from '../objects/decoding.ts'
import type { Settings } from '../settings.ts'
import type { Sealer } from '../store/sealer.ts'
import type { Store } from '../store/types.ts'
import type { ApprovedOrigins } from './approved-origins.ts'
import type { Caller } from './types.ts'

/** What the use cases need from outside. */
export type Ports = {
  readonly open: ConnectorOpener
  readonly report: DocumentReporter
  readonly kept: Pick<KeptTexts, 'keep' | 'read' | 'until'>
  readonly live: Exchange
  readonly makeExample: MakeExample
  readonly settings: Settings
  readonly sealer: Sealer
  readonly identity: Identity
  readonly origins: ApprovedOrigins
  readonly store: Store
  /** Creates a unique key. */
  readonly newKey: () => string
  /** Logs a warning for operators. The facts must not contain values of an answer. */
  readonly warn: (message: string, facts: { readonly [name: string]: unknown }) => void
}

/** One flow request with its caller, the caller's login, and the open document. */
export type Session = CallingScope<
  AnswerScope & {
    readonly caller: Caller
    /** Null for an anonymous caller. */
    readonly login: UserLogin | null
    readonly ports: Ports
  }
>

/** A mapping, its endpoint, and who answers the calls. */
export type MappedEndpoint = {
  readonly mapping: MappingRecord
  readonly endpoint: EndpointRecord
  readonly answers: Answers
}

/** Looks up a mapping of a type, of a list the first; undefined when the type has no such mapping. */
export function mappingOf(
  session: Session,
  type: TypeRecord,
  verb: MappingVerb
): MappedEndpoint | undefined {
  return mappedBy(session, type.mappings[verb])
}

/** Looks up all mappings of a verb, in the order of their list. */
export function mappingsOf(
  session: Session,
  type: TypeRecord,
  verb: MappingVerb
): readonly MappedEndpoint[] {
  return mappingKeys(type, verb).flatMap(key => mappedBy(session, key) ?? [])
}

function mappedBy(session: Session, key = ''): MappedEndpoint | undefined {
  const { mappings, endpoints } = session.model
  const mapping = mappings.get(key)
  const endpoint = endpoints.get(mapping?.endpoint ?? '')
  if (mapping === undefined || endpoint === undefined) return undefined
  return { mapping, endpoint, answers: answersOf(session, endpoint, mapping) }
}

export function missingMapping(type: TypeRecord, verb: MappingVerb, what: string): ConnectorError {
  return new ConnectorError('MAPPING_MISSING', { type: type.name, key: `x-flow-${verb}`, what })
}

/** Whether the API answered with one of these statuses. */
export function isApiError(error: unknown, ...statuses: number[]): error is ConnectorError {
  const isApi = error instanceof ConnectorError && error.code === 'API_ERROR'
  return isApi && statuses.includes(error.status)
}

/** Logs the values of an answer that could not be decoded. */
export function warnOfValues(
  { ports, caller }: Session,
  { key }: MappingRecord,
  { warnings, warningCount: count }: DecodeWarnings
): void {
  if (count === 0) return
  ports.warn('values of an answer could not be read', {
    tenant: caller.owner.tenant,
    mapping: key,
    count,
    first: warnings.slice(0, 5)
  })
}
