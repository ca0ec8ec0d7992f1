import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { member, textMember } from '../../base/json.ts'
import { ConnectorError } from '../../errors.ts'
import type { Exchange } from '../../exchange/types.ts'
import type { Environment } from '../secrets/local-secrets.ts'
import { sendPlain } from '../server/plain-call.ts'
import type { AwsCredentials } from '../workflow/workflow-form.ts'
import type { AwsKeys } from './sign-aws.ts'
import { signAwsCall } from './sign-aws.ts'

const SESSION_NAME = 'openapi-flow'

/**
 * Finds the keys of `awsCredentials` (docs/catalog.md#documents-in-s3) as `findOwnKeys` does. With `assumeRoleArn` they are
 * exchanged for those of the role.
 *
 * @throws ConnectorError `AWS_KEYS_MISSING`; those of the exchange if the role is refused.
 */
export async function findAwsKeys(
  credentials: AwsCredentials,
  environment: Environment,
  exchange: Exchange
): Promise<AwsKeys> {
  return assumeRole(await findOwnKeys(credentials, environment), credentials, environment, exchange)
}

/**
 * Finds access keys: those that the credentials have, else those of their profile, else those of the environment.
 *
 * @throws ConnectorError `AWS_KEYS_MISSING`.
 */
export async function findOwnKeys(
  credentials: Omit<AwsCredentials, 'awsRegion'>,
  environment: Environment
): Promise<AwsKeys> {
  const { awsAccessKeyId, awsSecretAccessKey, awsSessionToken = null, profileName } = credentials
  const keys =
    awsAccessKeyId !== undefined && awsSecretAccessKey !== undefined
      ? { id: awsAccessKeyId, secret: awsSecretAccessKey, sessionToken: awsSessionToken }
      : profileName !== undefined
        ? await keysOfProfile(profileName, environment)
        : keysOf(name => environment[name])
  if (keys !== null) return keys
  const place = profileName === undefined ? 'the environment' : `the profile "${profileName}"`
  throw new ConnectorError('AWS_KEYS_MISSING', { place })
}

/** The address of a service of AWS, which the environment may replace as it does for other tools. */
export function awsAddress(
  service: 'sts' | 'secretsmanager',
  region: string,
  environment: Environment
): string {
  const own = environment[`AWS_ENDPOINT_URL_${service === 'sts' ? 'STS' : 'SECRETS_MANAGER'}`]
  return own ?? environment.AWS_ENDPOINT_URL ?? `https://${service}.${region}.amazonaws.com/`
}

function keysOf(read: (name: string) => string | undefined): AwsKeys | null {
  const [id, secret] = [read('AWS_ACCESS_KEY_ID'), read('AWS_SECRET_ACCESS_KEY')]
  if (!id || !secret) return null
  return { id, secret, sessionToken: read('AWS_SESSION_TOKEN') || null }
}

async function keysOfProfile(profile: string, environment: Environment): Promise<AwsKeys | null> {
  const { AWS_SHARED_CREDENTIALS_FILE: file, HOME = '/' } = environment
  const text = await readFile(file ?? join(HOME, '.aws', 'credentials'), 'utf8').catch(() => '')
  const values = new Map<string, string>()
  let section = ''
  for (const line of text.split('\n').map(each => each.trim())) {
    if (line.startsWith('[') && line.endsWith(']')) section = line.slice(1, -1).trim()
    const split = line.indexOf('=')
    if (section !== profile || split === -1 || /^[#;]/.test(line)) continue
    values.set(line.slice(0, split).trim().toUpperCase(), line.slice(split + 1).trim())
  }
  return keysOf(name => values.get(name))
}

/** Exchanges keys for those of a role (AssumeRole of the Security Token Service). */
async function assumeRole(
  keys: AwsKeys,
  credentials: AwsCredentials,
  environment: Environment,
  exchange: Exchange
): Promise<AwsKeys> {
  const { assumeRoleArn, assumeRoleSessionName = SESSION_NAME, awsRegion } = credentials
  if (assumeRoleArn === undefined) return keys
  const form = new URLSearchParams({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: assumeRoleArn,
    RoleSessionName: assumeRoleSessionName
  })
  const identity = credentials.assumeRoleSourceIdentity
  if (identity !== undefined) form.set('SourceIdentity', identity)
  const call = {
    method: 'POST',
    url: awsAddress('sts', awsRegion, environment),
    headers: { accept: 'application/json' },
    body: { mediaType: 'application/x-www-form-urlencoded', text: form.toString() }
  }
  const signed = await signAwsCall(call, { keys, region: awsRegion, service: 'sts' })
  const { body } = await sendPlain(exchange, { operation: 'AssumeRole', ...signed })
  const result = member(member(body, 'AssumeRoleResponse'), 'AssumeRoleResult')
  const found = member(result, 'Credentials')
  const [id, secret] = [textMember(found, 'AccessKeyId'), textMember(found, 'SecretAccessKey')]
  if (id === undefined || secret === undefined) {
    throw new ConnectorError('AWS_KEYS_MISSING', { place: `the answer for ${assumeRoleArn}` })
  }
  return { id, secret, sessionToken: textMember(found, 'SessionToken') ?? null }
}
