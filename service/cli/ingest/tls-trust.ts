import { resolve } from 'node:path'

import type { TlsConfig } from '../../ingest/workflow/workflow-form.ts'
import type { TlsTrust } from '../../net/egress.ts'
import type { PemSource } from '../../net/tls-files.ts'
import { readTlsSources } from '../../net/tls-files.ts'
import type { Settings } from '../../settings.ts'

/**
 * Whom the connections to a server trust (docs/catalog.md#tls): what the workflow names, else what the settings do. A server
 * that is called over http needs none of the files.
 *
 * @param at Where in the file they are, for messages.
 * @param directory Of relative file names.
 * @throws SettingsError for a file that cannot be read or has the wrong content.
 */
export async function tlsTrustOf(
  { verifySSL, sslConfig }: TlsConfig,
  at: string,
  url: string,
  settings: Settings,
  directory: string
): Promise<TlsTrust | undefined> {
  if (!url.startsWith('https:')) return undefined
  const source = (key: keyof NonNullable<typeof sslConfig>, setting: PemSource): PemSource => {
    const value = sslConfig?.[key]
    if (value === undefined) return setting
    const isContent = value.trimStart().startsWith('-----BEGIN ')
    return { key: `${at}.sslConfig.${key}`, value: isContent ? value : resolve(directory, value) }
  }
  const ofSettings = (key: 'CA_FILE' | 'CLIENT_CERT_FILE' | 'CLIENT_KEY_FILE'): PemSource => ({
    key,
    value: settings[key]
  })
  const secureContext = await readTlsSources({
    authorities: source('caCertificate', ofSettings('CA_FILE')),
    certificate: source('sslCertificate', ofSettings('CLIENT_CERT_FILE')),
    privateKey: source('sslKey', ofSettings('CLIENT_KEY_FILE'))
  })
  return { secureContext, isChecked: verifySSL?.toLowerCase() !== 'ignore' }
}
