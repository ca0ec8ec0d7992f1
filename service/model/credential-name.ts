import type { SecuritySchemeRecord } from './endpoint-record.ts'

/** The configuration values that calls carry as they are (docs/x-flow.md#credentials). */
export const CREDENTIAL_NAMES = ['API Key', 'Bearer Token', 'Basic: Username'] as const

export type CredentialName = (typeof CREDENTIAL_NAMES)[number]

/** The configuration value that a security scheme takes; null for none. */
export function credentialFor({ kind }: SecuritySchemeRecord): CredentialName | null {
  switch (kind) {
    case 'apiKey':
      return 'API Key'
    case 'basic':
      return 'Basic: Username'
    case 'bearer':
    case 'oauth2':
    case 'openIdConnect':
      return 'Bearer Token'
    case 'given':
    case 'mutualTLS':
    case 'other':
      return null
    default:
      return kind satisfies never
  }
}
