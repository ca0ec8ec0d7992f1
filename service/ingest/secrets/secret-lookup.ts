import type { Exchange } from '../../exchange/types.ts'
import { createAwsLookup } from './aws-secrets.ts'
import { createAzureLookup } from './azure-secrets.ts'
import type { Environment, SecretLookup } from './local-secrets.ts'
import { createLocalLookup } from './local-secrets.ts'

/** Makes the look-up of each `secretsManagerProvider`. The former name of `db` is `noop`. */
const PROVIDERS = {
  noop: createLocalLookup,
  db: createLocalLookup,
  aws: createAwsLookup,
  azure: createAzureLookup
} as const

/** The providers of secrets, by the names that workflow files have for them. */
export const SECRET_PROVIDERS: readonly string[] = Object.keys(PROVIDERS)

/**
 * Makes the look-up of the secrets of a workflow (docs/catalog.md#secrets): in the file of secrets, then where the provider has them.
 *
 * @param given One of `SECRET_PROVIDERS`, in any letter case.
 * @param exchange Calls of stores on the network.
 */
export function createSecretLookup(
  given: string,
  secrets: ReadonlyMap<string, string>,
  environment: Environment,
  exchange: Exchange
): SecretLookup {
  const name = given.toLowerCase()
  const [, create] = Object.entries(PROVIDERS).find(([known]) => known === name) ?? []
  const lookUp = (create ?? createLocalLookup)(environment, exchange)
  return async wanted => secrets.get(wanted) || lookUp(wanted)
}
