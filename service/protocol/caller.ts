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

type CallerRequest = {
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined }
  readonly body: CallerBody
  readonly signal: AbortSignal
}

/**
 * Who calls: the tenant (design 1), the flow, the configuration values and the user of one request. A user
 * header that cannot be read is nobody here, as describe and data calls never need a user.
 */
export function readCaller({ headers, body, signal }: CallerRequest): Caller {
  const members = body == null || Array.isArray(body) ? null : body
  const user = readUserHeader(textOf(headers.authorization))
  const stateId = [members?.stateId, textOf(headers.manywhostate)]
    .map(id => id?.trim().toLowerCase() ?? '')
    .find(id => id !== '')
  const tenant = [textOf(headers.manywhotenant), user.tenant, members?.tenantId]
    .map(name => name?.trim().toLowerCase() ?? '')
    .find(name => name !== '')
  return {
    tenant: tenant ?? '-',
    stateId: stateId ?? null,
    configuration: readConfigurationValues(members?.configurationValues),
    user: user.fields,
    token: user.token,
    signal
  }
}

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'object' ? header[0] : header
}
