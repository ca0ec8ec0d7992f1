import type { CredentialName } from '../model/credential-name.ts'
import type { ModelIndex } from '../model/connector-model.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { documentDiagnostic } from '../model/diagnostic.ts'
import { configuredCredentials } from '../plan/credentials.ts'
import type { ApiAccess } from '../plan/types.ts'

/**
 * What becomes of configured credentials for which the document has no security scheme: they are sent as their
 * names say, or not at all (docs/x-flow.md#credentials).
 */
export function credentialDiagnostics(
  { credentials, documentUrl }: Pick<ModelIndex, 'credentials' | 'documentUrl'>,
  access: ApiAccess
): Diagnostic[] {
  const { taken, sendsByName } = credentials
  const configured = configuredCredentials(access)
  const named = sendsByName ? configured.find(name => name !== 'API Key') : undefined
  const diagnosticOf = (name: CredentialName): Diagnostic =>
    documentDiagnostic(
      name === named ? 'CREDENTIAL_WITHOUT_SCHEME' : 'CREDENTIAL_UNUSED',
      { name },
      documentUrl
    )
  return configured.filter(name => !taken.includes(name)).map(diagnosticOf)
}
