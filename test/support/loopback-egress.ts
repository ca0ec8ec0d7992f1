import { createSecureContext } from 'node:tls'

import type { Egress } from '../../service/net/egress.ts'
import { createEgress } from '../../service/net/egress.ts'
import { readSettings } from '../../service/settings.ts'

/** The way out of a client under test: servers of this machine may be called, by their address. */
export function loopbackEgress(environment: { readonly [name: string]: string } = {}): Egress {
  const { settings } = readSettings({ EGRESS_ALLOW: '127.0.0.1', ...environment })
  return createEgress(settings, createSecureContext())
}
