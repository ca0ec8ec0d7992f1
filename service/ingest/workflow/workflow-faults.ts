import { isHeaderName } from '../../base/header-names.ts'
import { patternFault } from '../../base/linear-pattern.ts'
import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { DiagnosticCode, DiagnosticHoles } from '../../errors.ts'
import type { UnlocatedDiagnostic } from '../../model/diagnostic.ts'
import { unlocatedDiagnostic } from '../../model/diagnostic.ts'
import { isFieldValue } from '../../plan/parameter-style.ts'
import { s3Fault } from '../aws/s3-url.ts'
import { SECRET_PROVIDERS } from '../secrets/secret-lookup.ts'
import { isPrivateUrl } from './server-address.ts'
import type { RestConnection, ServerConfig, TlsConfig, WorkflowFile } from './workflow-form.ts'

const CONNECTION = '/source/serviceConnection/config'
const SOURCE_CONFIG = '/source/sourceConfig/config'
const SERVER = '/workflowConfig/openMetadataServerConfig'
const TOKEN = `${SERVER}/securityConfig/jwtToken`

/** What is wrong in a workflow file in which each member for itself is right. */
export function* workflowFaults(file: WorkflowFile): Generator<UnlocatedDiagnostic> {
  const connection = file.source.serviceConnection.config
  const server = file.workflowConfig.openMetadataServerConfig
  yield* sourceFaults(connection)
  yield* loginFaults(server)
  yield* serverFaults(server)
  yield* tlsFaults(connection, CONNECTION, schemaUrlOf(connection))
  yield* tlsFaults(server, SERVER, server.hostPort)
  const patterns = ['apiCollectionFilterPattern', 'apiEndpointFilterPattern'] as const
  for (const key of patterns) {
    yield* patternFaults(connection[key], pointer(CONNECTION, key))
    yield* patternFaults(file.source.sourceConfig.config[key], pointer(SOURCE_CONFIG, key))
  }
}

/** The URL of the document, where it is none of a file. */
export function schemaUrlOf(connection: RestConnection): string | null {
  const { openAPISchemaURL, openAPISchemaConnection } = connection
  return openAPISchemaURL ?? openAPISchemaConnection?.openAPISchemaURL ?? null
}

function* sourceFaults(connection: RestConnection): Generator<UnlocatedDiagnostic> {
  const { openAPISchemaURL, openAPISchemaConnection: nested } = connection
  const at = pointer(CONNECTION, 'openAPISchemaConnection')
  const kinds = [
    nested?.openAPISchemaURL,
    nested?.openAPISchemaFilePath,
    nested?.openAPISchemaS3URL
  ]
  const given = [openAPISchemaURL, ...kinds].filter(kind => kind !== undefined)
  if (given.length === 0) {
    yield fault('WORKFLOW_KEY_MISSING', nested === undefined ? CONNECTION : at, {
      key: 'openAPISchemaURL, openAPISchemaFilePath or openAPISchemaS3URL'
    })
  }
  if (given.length > 1) {
    yield invalid(nested === undefined ? CONNECTION : at, 'the place of the document', {
      reason: 'is given more than once',
      allowed: 'one of openAPISchemaURL, openAPISchemaFilePath and openAPISchemaS3URL'
    })
  }
  const s3 = nested?.openAPISchemaS3URL
  if (s3 === undefined) return
  if (nested?.awsCredentials === undefined) {
    yield fault('WORKFLOW_KEY_MISSING', at, { key: 'openAPISchemaConnection.awsCredentials' })
  }
  const reason = s3Fault(s3)
  if (reason !== null) {
    yield invalid(pointer(at, 'openAPISchemaS3URL'), 'openAPISchemaS3URL', {
      reason,
      allowed: 'an address such as s3://bucket/openapi.json'
    })
  }
}

function* loginFaults(server: ServerConfig): Generator<UnlocatedDiagnostic> {
  const provider = (server.authProvider ?? 'openmetadata').toLowerCase()
  const token = server.securityConfig?.jwtToken
  if (provider === 'no-auth') return
  if (provider !== 'openmetadata') {
    yield fault('WORKFLOW_VALUE_UNSUPPORTED', pointer(SERVER, 'authProvider'), {
      key: 'authProvider',
      given: provider,
      known: 'openmetadata with the token of a bot, or no-auth'
    })
  } else if (token === undefined) {
    yield fault('WORKFLOW_KEY_MISSING', SERVER, { key: 'securityConfig.jwtToken' })
  } else if (isPlaceholder(token.trim())) {
    yield fault('WORKFLOW_TOKEN_UNFILLED', TOKEN, { given: token.trim().slice(0, 40) })
  } else if (server.hostPort.startsWith('http:') && !isPrivateUrl(server.hostPort)) {
    yield fault('WORKFLOW_TOKEN_EXPOSED', pointer(SERVER, 'hostPort'), {})
  }
}

/** Whether a text stands for another one, as `{bot_jwt_token}` in manuals does. */
function isPlaceholder(text: string): boolean {
  return /^[{<[$]/.test(text) && /[}>\]]$/.test(text)
}

function* serverFaults(server: ServerConfig): Generator<UnlocatedDiagnostic> {
  const provider = server.secretsManagerProvider?.toLowerCase()
  if (provider !== undefined && !SECRET_PROVIDERS.includes(provider)) {
    yield fault('WORKFLOW_VALUE_UNSUPPORTED', pointer(SERVER, 'secretsManagerProvider'), {
      key: 'secretsManagerProvider',
      given: provider,
      known: SECRET_PROVIDERS.join(', ')
    })
  }
  // The configuration of Airflow is not read.
  const isStore = provider === 'aws' || provider === 'azure'
  if (isStore && server.secretsManagerLoader?.toLowerCase() === 'airflow') {
    yield fault('WORKFLOW_VALUE_UNSUPPORTED', pointer(SERVER, 'secretsManagerLoader'), {
      key: 'secretsManagerLoader',
      given: 'airflow',
      known: `env, with the variables of ${provider}`
    })
  }
  for (const [name, value] of Object.entries(server.extraHeaders ?? {})) {
    if (isHeaderName(name) && isFieldValue(value)) continue
    yield invalid(pointer(SERVER, 'extraHeaders', name), `extraHeaders.${name}`, {
      reason: 'cannot be sent',
      allowed: 'a header of visible characters'
    })
  }
}

function* tlsFaults(
  { verifySSL, sslConfig }: Partial<TlsConfig>,
  at: Pointer,
  url: string | null
): Generator<UnlocatedDiagnostic> {
  const isHttps = url?.startsWith('https:') === true
  const mode = verifySSL?.toLowerCase()
  if (mode === 'validate' && isHttps && sslConfig?.caCertificate === undefined) {
    yield fault('WORKFLOW_KEY_MISSING', at, { key: 'sslConfig.caCertificate' })
  }
  if ((sslConfig?.sslCertificate === undefined) !== (sslConfig?.sslKey === undefined)) {
    const missing = sslConfig?.sslKey === undefined ? 'sslKey' : 'sslCertificate'
    yield fault('WORKFLOW_KEY_MISSING', pointer(at, 'sslConfig'), { key: `sslConfig.${missing}` })
  }
  if (mode === 'ignore' && isHttps) {
    yield fault('WORKFLOW_TLS_UNCHECKED', pointer(at, 'verifySSL'), { host: new URL(url).host })
  }
}

function* patternFaults(
  pattern: RestConnection['apiCollectionFilterPattern'],
  at: Pointer
): Generator<UnlocatedDiagnostic> {
  for (const key of ['includes', 'excludes'] as const) {
    for (const [index, expression] of (pattern?.[key] ?? []).entries()) {
      const reason = patternFault(expression)
      if (reason === null) continue
      yield invalid(pointer(at, key, index), `${key}[${index}]`, {
        reason: `is no expression that can be matched: ${reason}`,
        allowed: 'a regular expression without look-around and back references'
      })
    }
  }
}

function invalid(
  at: Pointer,
  key: string,
  holes: { readonly reason: string; readonly allowed: string }
): UnlocatedDiagnostic {
  return fault('WORKFLOW_VALUE_INVALID', at, { key, ...holes })
}

function fault<Code extends DiagnosticCode>(
  code: Code,
  at: Pointer,
  holes: DiagnosticHoles<Code>
): UnlocatedDiagnostic {
  return unlocatedDiagnostic(code, at, holes)
}
