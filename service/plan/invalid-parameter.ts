import { ConnectorError } from '../errors.ts'
import type { EndpointRecord } from '../model/endpoint-record.ts'

/** Makes the problem of a value that a parameter cannot take: why, and what would be right. */
export type Refuse = (reason: string, remedy: string) => ConnectorError

/**
 * Problems `PARAMETER_INVALID` about one parameter of an endpoint. They never show the value, which
 * may be a secret.
 */
export function refusalOf(
  { method, path }: Pick<EndpointRecord, 'method' | 'path'>,
  parameter: string
): Refuse {
  return (reason, remedy) =>
    new ConnectorError('PARAMETER_INVALID', { parameter, method, path, reason, remedy })
}
