import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { SecureContext } from 'node:tls'
import { createSecureContext, getCACertificates } from 'node:tls'

import type { Settings } from '../settings.ts'
import { SettingsError } from '../settings.ts'

export type TlsFiles = Pick<Settings, 'CA_FILE' | 'CLIENT_CERT_FILE' | 'CLIENT_KEY_FILE'>

const BEGIN = '-----BEGIN CERTIFICATE-----'
const END = '-----END CERTIFICATE-----'

/**
 * Makes the secure context of all TLS connections: TLS 1.2 or newer, trusted authorities, client
 * certificate. Files are read once, so a change takes effect at the next start.
 *
 * @throws SettingsError for a file that cannot be read or has the wrong content.
 */
export async function readTlsFiles(settings: TlsFiles): Promise<SecureContext> {
  const authorities = await readCertificates('CA_FILE', settings)
  const ca = authorities === null ? {} : { ca: [...getCACertificates('default'), ...authorities] }
  return createSecureContext({ minVersion: 'TLSv1.2', ...ca, ...(await readIdentity(settings)) })
}

/** The client certificate with its chain and key; empty when none is set. */
async function readIdentity(settings: TlsFiles): Promise<{ cert?: string; key?: string }> {
  const chain = await readCertificates('CLIENT_CERT_FILE', settings)
  const key = await readText('CLIENT_KEY_FILE', settings)
  if (chain === null && key === null) return {}
  if (key === null) throw missingPartner('CLIENT_CERT_FILE', 'CLIENT_KEY_FILE')
  if (chain === null) throw missingPartner('CLIENT_KEY_FILE', 'CLIENT_CERT_FILE')
  const privateKey = valueOrUndefined(() => createPrivateKey(key))
  if (privateKey === undefined) {
    throw unusable('CLIENT_KEY_FILE', settings, 'a private key in PEM, not encrypted')
  }
  if (new X509Certificate(chain[0] ?? '').checkPrivateKey(privateKey)) {
    return { cert: chain.join('\n'), key }
  }
  throw unusable(
    'CLIENT_KEY_FILE',
    settings,
    'the key of the first certificate of CLIENT_CERT_FILE'
  )
}

async function readCertificates(
  name: 'CA_FILE' | 'CLIENT_CERT_FILE',
  settings: TlsFiles
): Promise<string[] | null> {
  const text = await readText(name, settings)
  if (text === null) return null
  const found = certificatesIn(text)
  const isSound = found.every(pem => valueOrUndefined(() => new X509Certificate(pem)) !== undefined)
  if (found.length > 0 && isSound) return found
  throw unusable(name, settings, 'a file of certificates in PEM')
}

/** The certificates of a text in PEM, from one begin to the next end. */
function certificatesIn(text: string): string[] {
  const found: string[] = []
  for (let at = text.indexOf(BEGIN); at !== -1; ) {
    const end = text.indexOf(END, at)
    if (end === -1) break
    found.push(text.slice(at, end + END.length))
    at = text.indexOf(BEGIN, end)
  }
  return found
}

/** The text of the file that a setting names; null when the setting is blank. */
async function readText(name: keyof TlsFiles, settings: TlsFiles): Promise<string | null> {
  if (settings[name] === '') return null
  try {
    return await readFile(settings[name], 'utf8')
  } catch {
    throw unusable(name, settings, 'a file that can be read')
  }
}

function valueOrUndefined<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

function unusable(name: keyof TlsFiles, settings: TlsFiles, allowed: string): SettingsError {
  return new SettingsError(`${name} is "${settings[name]}"; allowed is ${allowed}`)
}

function missingPartner(name: keyof TlsFiles, missing: keyof TlsFiles): SettingsError {
  return new SettingsError(`${name} is set without ${missing}; allowed are both or none`)
}
