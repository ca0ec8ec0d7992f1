import type { Owner } from '../base/owner.ts'
import { createOwner } from '../base/owner.ts'
import { textMember } from '../base/json.ts'
import type { FlowDeadline } from '../operations/flow-deadline.ts'
import type { Caller } from '../operations/types.ts'
import type { readConfigurationValues } from './configuration-values.ts'
import type {
  AuthenticationRequest,
  AuthorizationRequest,
  DescribeServiceRequest,
  DiffRequest,
  ObjectDataRequest
} from './schemas.ts'
import type { TryRequest } from './try-schemas.ts'
import { readUserHeader } from './user-header.ts'

/** The request bodies that may identify the caller. */
export type CallerBody =
  | ObjectDataRequest
  | AuthenticationRequest
  | AuthorizationRequest
  | DescribeServiceRequest
  | DiffRequest
  | TryRequest
  | undefined

type OwnerRequest = {
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined }
  readonly body: unknown
  /** Hash of the path token that opened the door; null where none did. */
  readonly doorToken: string | null
}

type CallerRequest = Pick<OwnerRequest, 'headers'> & {
  readonly body: CallerBody
  readonly owner: Owner
  readonly deadline: FlowDeadline
  readonly configurationOf: typeof readConfigurationValues
}

/**
 * Reads flow, configuration values and user of a request. A malformed user header counts as no user, since
 * describe and data calls never require one.
 */
export function readCaller({
  headers,
  body,
  owner,
  deadline,
  configurationOf
}: CallerRequest): Caller {
  const members = body == null || Array.isArray(body) ? null : body
  const user = readUserHeader(textOf(headers.authorization))
  const stateId = [members?.stateId, textOf(headers.manywhostate)]
    .map(id => id?.trim().toLowerCase() ?? '')
    .find(id => id !== '')
  return {
    owner,
    stateId: stateId ?? null,
    configuration: configurationOf(members?.configurationValues),
    user: user.fields,
    token: user.token,
    deadline
  }
}

/** The owner of a request: its tenant (docs/protocol.md#the-tenant) below its path token. */
export function readOwner({ headers, body, doorToken }: OwnerRequest): Owner {
  const tenant =
    nameOf(textOf(headers.manywhotenant)) ??
    nameOf(readUserHeader(textOf(headers.authorization)).tenant) ??
    nameOf(textMember(body, 'tenantId')) ??
    '-'
  return createOwner(doorToken, tenant)
}

function nameOf(given: string | null | undefined): string | undefined {
  const name = given?.trim()
  return name === '' ? undefined : name
}

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'object' ? header[0] : header
}
