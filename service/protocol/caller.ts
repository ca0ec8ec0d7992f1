import { textMember } from '../base/json.ts'
import type { Caller } from '../operations/types.ts'
import { readConfigurationValues } from './configuration-values.ts'
import type {
  AuthenticationRequest,
  AuthorizationRequest,
  DescribeServiceRequest,
  ObjectDataRequest
} from './schemas.ts'
import { readUserHeader } from './user-header.ts'

/** The bodies that can say who calls. */
export type CallerBody =
  | ObjectDataRequest
  | AuthenticationRequest
  | AuthorizationRequest
  | DescribeServiceRequest
  | undefined

type TenantRequest = {
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined }
  readonly body: unknown
  /** Hash of the path token that opened the door; null where none did. */
  readonly doorToken: string | null
}

type CallerRequest = TenantRequest & {
  readonly body: CallerBody
  readonly waitedMs: number
  readonly signal: AbortSignal
}

/** Parts the tenant's name from the hash of its path token, so it is in no name. */
const TOKEN_SIGN = '#'

/**
 * Who calls: the tenant (design 1), the flow, the configuration values and the user of one request. A user
 * header that cannot be read is nobody here, as describe and data calls never need a user.
 */
export function readCaller(request: CallerRequest): Caller {
  const { headers, body, waitedMs, signal } = request
  const members = body == null || Array.isArray(body) ? null : body
  const user = readUserHeader(textOf(headers.authorization))
  const stateId = [members?.stateId, textOf(headers.manywhostate)]
    .map(id => id?.trim().toLowerCase() ?? '')
    .find(id => id !== '')
  return {
    tenant: readTenant(request),
    stateId: stateId ?? null,
    configuration: readConfigurationValues(members?.configurationValues),
    user: user.fields,
    token: user.token,
    waitedMs,
    signal
  }
}

/**
 * The name of the tenant that a request comes from (design 1), in lower case: `-` when unknown, and with
 * the hash of the path token that opened the door. It is a name, not a proof.
 */
export function readTenant({ headers, body, doorToken }: TenantRequest): string {
  const name =
    nameOf(textOf(headers.manywhotenant)) ??
    nameOf(readUserHeader(textOf(headers.authorization)).tenant) ??
    nameOf(textMember(body, 'tenantId')) ??
    '-'
  return doorToken === null ? name : `${name}${TOKEN_SIGN}${doorToken}`
}

function nameOf(given: string | null | undefined): string | undefined {
  const name = given?.trim().toLowerCase().replaceAll(TOKEN_SIGN, '_')
  return name === '' ? undefined : name
}

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'object' ? header[0] : header
}
