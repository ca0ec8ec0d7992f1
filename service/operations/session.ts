import { ConnectorError } from '../errors.ts'
import type { Identity } from '../identity/create-identity.ts'
import type { UserLogin } from '../identity/open-login.ts'
import type { Answers, AnswerScope } from '../exchange/answers.ts'
import { answersOf } from '../exchange/answers.ts'
import type { MakeExample } from '../exchange/example-memory.ts'
import type { Exchange } from '../exchange/types.ts'
import type { OpenModel } from '../model/open-model.ts'
import type { EndpointRecord } from '../model/endpoint-record.ts'
import type { MappingRecord, MappingVerb } from '../model/mapping-record.ts'
import type { TypeRecord } from '../model/type-record.ts'
import type { DecodeWarning } from '../objects/decode-objects.ts'
import type { ApiAccess } from '../plan/types.ts'
import type { Settings } from '../settings.ts'
import type { Sealer } from '../store/sealer.ts'
import type { Store } from '../store/types.ts'
import { apiAccess, documentRequest } from './configuration.ts'
import type { ApprovedOrigins } from './approved-origins.ts'
import type { FlowCaller } from './flow-deadline.ts'
import { loginMethods, loginScope, openUserLogin } from './login-methods.ts'
import { sendProven } from './send-proven.ts'
import type { ConnectorOpener } from '../documents/open-document.ts'

/** What use cases reach the world through. */
export type Ports = {
  readonly open: ConnectorOpener
  readonly live: Exchange
  /** Makes the examples that a document does not declare. */
  readonly makeExample: MakeExample
  readonly settings: Pick<
    Settings,
    'SCAN_MAX_RECORDS' | 'SCAN_MAX_PAGES' | 'FLOW_TIMEOUT_MS' | 'CLIENT_CERT_FILE'
  >
  readonly sealer: Sealer
  readonly identity: Identity
  readonly origins: ApprovedOrigins
  /** Remembers what flows have loaded. */
  readonly store: Store
  /** Takes what is worth an operator's look, without any value of an answer. */
  readonly warn: (message: string, facts: { readonly [name: string]: unknown }) => void
}

/** One flow request at work: its caller, and the document that it is about. */
export type Session = AnswerScope & {
  readonly caller: FlowCaller
  /** The user's own login; null for nobody. */
  readonly login: UserLogin | null
  readonly ports: Ports
}

/** A mapping, the endpoint that it uses, and who answers there. */
export type MappedEndpoint = {
  readonly mapping: MappingRecord
  readonly endpoint: EndpointRecord
  readonly answers: Answers
}

/**
 * Opens the caller's document.
 *
 * @throws ConnectorError `CONFIG_REQUIRED` without a Schema URL, `CONFIG_INVALID`, and what opening a
 *   document throws.
 */
export async function openDocument(
  { open, settings }: Ports,
  { configuration, signal, tenant }: FlowCaller
): Promise<{ readonly model: OpenModel; readonly access: ApiAccess }> {
  const request = documentRequest(configuration)
  if (request === null) throw new ConnectorError('CONFIG_REQUIRED', { name: 'Schema URL' })
  const access = apiAccess(configuration, settings)
  const { model } = await open(request, { owner: tenant, signal, mustRevalidate: false })
  return { model, access }
}

/**
 * Opens the caller's document, and the login that came with the request. A token that is not ours, or not
 * for this tenant, document and user, counts as nobody logged in (x-flow 10).
 *
 * @throws ConnectorError as `openDocument`.
 */
export async function openSession(ports: Ports, caller: FlowCaller): Promise<Session> {
  const { model, access } = await openDocument(ports, caller)
  caller.progress.reached = () => 'nothing had been read or written'
  const login = await openLogin(ports, caller, model, access)
  const proof = { caller, model, access: { ...access, login }, login, ports }
  return {
    ...proof,
    user: caller.user,
    signal: caller.signal,
    makeExample: ports.makeExample,
    callApi: (endpoint, plan) => sendProven(proof, endpoint, plan)
  }
}

async function openLogin(
  { identity, origins }: Ports,
  caller: FlowCaller,
  model: OpenModel,
  access: ApiAccess
): Promise<UserLogin | null> {
  // Most calls have no login, and do not look for one.
  if (caller.token === null || model.index.logins.length === 0) return null
  const methods = await loginMethods(origins, model, loginScope(caller), access)
  return openUserLogin(identity, caller, methods)
}

/** Looks up a mapping of a type; undefined when the type has no such mapping. */
export function mappingOf(
  session: Session,
  type: TypeRecord,
  verb: MappingVerb
): MappedEndpoint | undefined {
  const { mappings, endpoints } = session.model
  const mapping = mappings.get(type.mappings[verb] ?? '')
  const endpoint = endpoints.get(mapping?.endpoint ?? '')
  if (mapping === undefined || endpoint === undefined) return undefined
  return { mapping, endpoint, answers: answersOf(session, endpoint, mapping) }
}

export function missingMapping(type: TypeRecord, verb: MappingVerb, what: string): ConnectorError {
  return new ConnectorError('MAPPING_MISSING', { type: type.name, key: `x-flow-${verb}`, what })
}

/** Whether an API says that what was asked for is not there. */
export function isGone(error: unknown): boolean {
  return (
    error instanceof ConnectorError &&
    error.code === 'API_ERROR' &&
    (error.status === 404 || error.status === 410)
  )
}

/** Says in the log which values of an answer could not be read. */
export function warnOfValues(
  { ports, caller }: Session,
  { key }: MappingRecord,
  warnings: readonly DecodeWarning[]
): void {
  if (warnings.length === 0) return
  ports.warn('values of an answer could not be read', {
    tenant: caller.tenant,
    mapping: key,
    count: warnings.length,
    first: warnings.slice(0, 5)
  })
}
