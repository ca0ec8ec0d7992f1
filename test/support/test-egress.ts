import type { SecureContext } from 'node:tls'
import { createSecureContext } from 'node:tls'

import type { Egress } from '../../service/net/egress.ts'
import { createEgress } from '../../service/net/egress.ts'
import type { NameSources } from '../../service/net/name-lookup.ts'
import { readSettings } from '../../service/read-settings.ts'

/**
 * The egress of clients under test, which may call 127.0.0.1.
 *
 * @param environment Settings by name; a blank `EGRESS_ALLOW` allows no private address.
 */
export function testEgress(
  environment: { readonly [name: string]: string } = {},
  given: { readonly names?: NameSources; readonly secureContext?: SecureContext } = {}
): Egress {
  const { settings } = readSettings({ EGRESS_ALLOW: '127.0.0.1', ...environment })
  const secureContext = given.secureContext ?? createSecureContext()
  return createEgress(settings, { secureContext }, given.names)
}
