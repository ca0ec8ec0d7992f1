import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { SecureContext } from 'node:tls'
import { createSecureContext, getCACertificates } from 'node:tls'

import type { Settings } from '../settings.ts'
import { SettingsError } from '../settings.ts'

export type TlsFiles = Pick<Settings, 'CA_FILE' | 'CLIENT_CERT_FILE' | 'CLIENT_KEY_FILE'>

const BEGIN = '-----BEGIN CERTIFICATE-----'
const END = '-----END CERTIFICATE-----'

/** A path of a PEM file, or its content, and the key that names it in messages. Blank for none. */
export type PemSource = { readonly key: string; readonly value: string }

/** Where the certificates of TLS connections come from. */
export type TlsSources = {
  readonly authorities: PemSource
  readonly certificate: PemSource
  readonly privateKey: PemSource
}

/**
 * Makes the secure context of all TLS connections: TLS 1.2 or newer, trusted authorities, client
 * certificate. Files are read once, so a change takes effect at the next start.
 *
 * @throws SettingsError for a file that cannot be read or has the wrong content.
 */
export function readTlsFiles(settings: TlsFiles): Promise<SecureContext> {
  const source = (key: keyof TlsFiles): PemSource => ({ key, value: settings[key] })
  return readTlsSources({
    authorities: source('CA_FILE'),
    certificate: source('CLIENT_CERT_FILE'),
    privateKey: source('CLIENT_KEY_FILE')
  })
}

/** The same for files that other keys than those of settings name. */
export async function readTlsSources(sources: TlsSources): Promise<SecureContext> {
  const authorities = await readCertificates(sources.authorities)
  const ca = authorities === null ? {} : { ca: [...getCACertificates('default'), ...authorities] }
  return createSecureContext({ minVersion: 'TLSv1.2', ...ca, ...(await readIdentity(sources)) })
}

/** The client certificate with its chain and key; empty when none is set. */
async function readIdentity({
  certificate,
  privateKey
}: TlsSources): Promise<{ cert?: string; key?: string }> {
  const chain = await readCertificates(certificate)
  const key = await readText(privateKey)
  if (chain === null && key === null) return {}
  if (key === null) throw missingPartner(certificate, privateKey)
  if (chain === null) throw missingPartner(privateKey, certificate)
  const readKey = valueOrUndefined(() => createPrivateKey(key))
  if (readKey === undefined) throw unusable(privateKey, 'a private key in PEM, not encrypted')
  if (new X509Certificate(chain[0] ?? '').checkPrivateKey(readKey)) {
    return { cert: chain.join('\n'), key }
  }
  throw unusable(privateKey, `the key of the first certificate of ${certificate.key}`)
}

async function readCertificates(source: PemSource): Promise<string[] | null> {
  const text = await readText(source)
  if (text === null) return null
  const found = certificatesIn(text)
  const isSound = found.every(pem => valueOrUndefined(() => new X509Certificate(pem)) !== undefined)
  if (found.length > 0 && isSound) return found
  throw unusable(source, 'a file of certificates in PEM')
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

/** The text of a source; null for none. */
async function readText(source: PemSource): Promise<string | null> {
  if (source.value === '') return null
  if (isPem(source)) return source.value
  try {
    return await readFile(source.value, 'utf8')
  } catch {
    throw unusable(source, 'a file that can be read')
  }
}

function isPem({ value }: PemSource): boolean {
  return value.trimStart().startsWith('-----BEGIN ')
}

function valueOrUndefined<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

function unusable(source: PemSource, allowed: string): SettingsError {
  const shown = isPem(source) ? 'a text in PEM' : `"${source.value}"`
  return new SettingsError(`${source.key} is ${shown}; allowed is ${allowed}`)
}

function missingPartner(given: PemSource, missing: PemSource): SettingsError {
  return new SettingsError(`${given.key} is set without ${missing.key}; allowed are both or none`)
}
