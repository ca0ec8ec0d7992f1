import type { SecureContext } from 'node:tls'
import { createSecureContext } from 'node:tls'

import type { Egress } from '../../service/net/egress.ts'
import { createEgress } from '../../service/net/egress.ts'
import type { NameSources } from '../../service/net/name-lookup.ts'
import { readSettings } from '../../service/read-settings.ts'

/**
 * The way out of clients under test: servers of this machine may be called, by their address.
 *
 * @param environment Settings over that; `EGRESS_ALLOW` blank allows nothing private.
 */
export function testEgress(
  environment: { readonly [name: string]: string } = {},
  given: { readonly names?: NameSources; readonly secureContext?: SecureContext } = {}
): Egress {
  const { settings } = readSettings({ EGRESS_ALLOW: '127.0.0.1', ...environment })
  return createEgress(settings, given.secureContext ?? createSecureContext(), given.names)
}
