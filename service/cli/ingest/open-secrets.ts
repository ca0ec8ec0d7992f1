import type { Exchange } from '../../exchange/types.ts'
import type { SecretLookup } from '../../ingest/secrets/local-secrets.ts'
import { readSecrets } from '../../ingest/secrets/local-secrets.ts'
import { createSecretLookup } from '../../ingest/secrets/secret-lookup.ts'
import { readTextFile } from '../document/read-text-file.ts'
import { shownText } from '../shown-text.ts'
import type { Terminal } from '../terminal.ts'

/** Variables with addresses of the stores of secrets, which may be private. */
const ADDRESSES = [
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_STS',
  'AWS_ENDPOINT_URL_SECRETS_MANAGER',
  'AZURE_AUTHORITY_HOST',
  'AZURE_KEY_VAULT_NAME'
]

/** The addresses of stores of secrets that the environment names. */
export function storeAddresses({ environment }: Terminal): readonly string[] {
  return ADDRESSES.flatMap(name => environment[name] ?? [])
}

/**
 * Opens what the secrets of a workflow are looked up in (docs/catalog.md#secrets).
 *
 * @param name File of secrets; undefined for none.
 * @throws ConnectorError and CommandError for a file that cannot be used.
 */
export async function openSecrets(
  provider: string,
  name: string | undefined,
  exchange: Exchange,
  terminal: Terminal
): Promise<SecretLookup> {
  const secrets =
    name === undefined
      ? new Map()
      : readSecrets(await readTextFile(name, terminal), shownText(name))
  return createSecretLookup(provider, secrets, terminal.environment, exchange)
}
