import { ConnectorError } from '../errors.ts'
import { exampleAnswer } from '../exchange/example-answer.ts'
import type { Answer, Exchange } from '../exchange/types.ts'
import type { ConnectorModel, MappingVerb, OperationRecord, TypeRecord } from '../model/types.ts'
import type { DecodeWarning } from '../objects/decode-objects.ts'
import { planRequest } from '../plan/plan-request.ts'
import type { ApiAccess, OperationInput } from '../plan/types.ts'
import type { Settings } from '../settings.ts'
import type { Sealer } from '../store/sealer.ts'
import type { Store } from '../store/types.ts'
import { apiAccess, documentLocation } from './configuration.ts'
import type { FlowCaller } from './flow-deadline.ts'
import type { ConnectorOpener } from './open-connector.ts'

/** What use cases reach the world through. */
export type Ports = {
  readonly open: ConnectorOpener
  readonly live: Exchange
  readonly settings: Pick<Settings, 'SCAN_MAX_RECORDS' | 'SCAN_MAX_PAGES' | 'FLOW_TIMEOUT_MS'>
  readonly sealer: Sealer
  /** Remembers what flows have loaded. */
  readonly store: Store
  /** Takes what is worth an operator's look, without any value of an answer. */
  readonly warn: (message: string, facts: { readonly [name: string]: unknown }) => void
}

/** One flow request at work: its caller, and the document that it is about. */
export type Session = {
  readonly caller: FlowCaller
  readonly model: ConnectorModel
  readonly access: ApiAccess
  readonly ports: Ports
}

/** A call that is decided, and not yet made. */
export type PlannedCall = {
  readonly operation: OperationRecord
  /** The address that is called; blank where the document answers. */
  readonly url: string
  send(): Promise<Answer>
}

/**
 * Opens the caller's document.
 *
 * @throws ConnectorError `CONFIG_REQUIRED` without a Schema URL, and what opening a document throws.
 */
export async function openSession(ports: Ports, caller: FlowCaller): Promise<Session> {
  const location = documentLocation(caller.configuration)
  if (location === null) throw new ConnectorError('CONFIG_REQUIRED', { name: 'Schema URL' })
  const access = apiAccess(caller.configuration)
  const { model } = await ports.open(location.location, location.token, caller.signal)
  caller.progress.reached = () => 'nothing was read or written yet'
  return { caller, model, access, ports }
}

/** The operation that a mapping of a type names; undefined when the type has no such mapping. */
export function mappingOf(
  { model }: Session,
  type: TypeRecord,
  verb: MappingVerb
): OperationRecord | undefined {
  const key = type.mappings[verb]
  return key === undefined ? undefined : model.operations[key]
}

export function missingMapping(type: TypeRecord, verb: MappingVerb, what: string): ConnectorError {
  return new ConnectorError('MAPPING_MISSING', { type: type.name, key: `x-flow-${verb}`, what })
}

/**
 * Decides a call: of the API, or of the document where the mapping has `example`. What is wrong with
 * its parameters is known before anything is sent.
 *
 * @throws ConnectorError `PARAMETER_*`, `SERVER_*`, `VALUE_INVALID`.
 */
export function planCall(
  session: Session,
  operation: OperationRecord,
  input: Omit<OperationInput, 'user'>
): PlannedCall {
  const { model, access, caller, ports } = session
  const example = model.examples[operation.key]
  if (operation.example !== null && example !== undefined) {
    const answer = async (): Promise<Answer> => exampleAnswer(operation, example)
    return { operation, url: '', send: () => unlessIgnored(operation, answer) }
  }
  const plan = planRequest({
    operation,
    types: model.types,
    documentUrl: model.index.documentUrl,
    access,
    input: { ...input, user: caller.user }
  })
  const { tenant, signal } = caller
  const call = (): Promise<Answer> =>
    ports.live(plan, { tenant, signal, timeLeftMs: caller.timeLeftMs() })
  return { operation, url: plan.url, send: () => unlessIgnored(operation, call) }
}

/** Makes a call; the statuses that `x-flow-retry.ignore` names are empty answers (x-flow 8). */
async function unlessIgnored(
  { conduct }: OperationRecord,
  call: () => Promise<Answer>
): Promise<Answer> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== 'API_ERROR') throw error
    if (!conduct.retry.ignore.includes(error.status)) throw error
    return { status: 204, headers: {}, body: undefined }
  }
}

/** Whether an API says that what was asked for is not there (x-flow 6). */
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
  operation: OperationRecord,
  warnings: readonly DecodeWarning[]
): void {
  if (warnings.length === 0) return
  ports.warn('values of an answer could not be read', {
    tenant: caller.tenant,
    operation: operation.key,
    count: warnings.length,
    first: warnings.slice(0, 5)
  })
}
