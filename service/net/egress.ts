import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { networkInterfaces } from 'node:os'
import type { SecureContext } from 'node:tls'

import type { Dispatcher } from 'undici'
import { Agent, Pool, ProxyAgent } from 'undici'

import type { Settings } from '../settings.ts'
import type { EgressGuard } from './egress-guard.ts'
import { createEgressGuard } from './egress-guard.ts'
import type { EgressPolicy } from './egress-policy.ts'
import { createEgressPolicy, portOf } from './egress-policy.ts'
import type { NameSources } from './name-lookup.ts'
import { createNameLookup, SYSTEM_NAMES } from './name-lookup.ts'

/** The only way out: what every client checks its URLs with, and makes its connections by. */
export type Egress = {
  readonly policy: EgressPolicy
  /**
   * Lets a URL pass that may be called, as far as it says. Every call is checked.
   *
   * @throws EgressDeniedError
   */
  check(url: URL): void
  /** Connections for undici. Nobody else has them: a connection serves the policy it was made under. */
  dispatcher(options: Agent.Options): Dispatcher
  /** The same for got. */
  agents(): { readonly http: HttpAgent; readonly https: HttpsAgent }
}

export type EgressSettings = Pick<
  Settings,
  'EGRESS_ALLOW' | 'EGRESS_DENY' | 'EGRESS_PROXY' | 'CONNECT_TIMEOUT_MS'
>

/**
 * The way out under the settings. The address that is checked is the one that is connected to; the
 * variables of the environment that name proxies count for nothing.
 *
 * With `EGRESS_PROXY` all connections go to the proxy: what a URL says is checked here, which address a
 * name has is the proxy's to check.
 *
 * @throws SettingsError for a malformed entry.
 */
export function createEgress(
  settings: EgressSettings,
  secureContext: SecureContext,
  names: NameSources = SYSTEM_NAMES
): Egress {
  const policy = createEgressPolicy(settings, ownAddresses)
  const timeout = settings.CONNECT_TIMEOUT_MS
  const guard = createEgressGuard(policy, createNameLookup(timeout / 2, names))
  const tls = { secureContext, rejectUnauthorized: true }
  const proxy = settings.EGRESS_PROXY

  const direct = (options: Agent.Options): Dispatcher =>
    new Agent({
      ...options,
      factory(origin, inherited) {
        const lookup = guard.lookupFor(portOf(new URL(origin)))
        return new Pool(origin, { ...inherited, connect: { ...tls, timeout, lookup } })
      }
    })
  const proxied = (options: Agent.Options): Dispatcher =>
    new ProxyAgent({
      ...options,
      uri: proxy,
      connectTimeout: timeout,
      requestTls: { ...tls, allowH2: false },
      // A call over http goes to the proxy itself, for which it would forget the options.
      factory: (origin, inherited) => new Pool(origin, { ...options, ...inherited })
    })
  return {
    policy,
    check: guard.check,
    dispatcher: proxy === '' ? direct : proxied,
    agents: () =>
      proxy === ''
        ? { http: guarded(new HttpAgent(), guard), https: guarded(new HttpsAgent(tls), guard) }
        : {
            http: new HttpAgent({ proxyEnv: { HTTP_PROXY: proxy } }),
            https: new HttpsAgent({ ...tls, proxyEnv: { HTTPS_PROXY: proxy } })
          }
  }
}

/** An agent whose connections get their addresses from the guard. */
function guarded<T extends HttpAgent>(agent: T, { lookupFor }: EgressGuard): T {
  const connect = agent.createConnection.bind(agent)
  agent.createConnection = (options, callback) =>
    connect({ ...options, lookup: lookupFor(Number(options.port)) }, callback)
  return agent
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap(found => found?.map(own => own.address) ?? [])
}
