import type { DocumentOrigins } from '../model/connector-model.ts'
import type { LoginRecord } from '../model/login-record.ts'
import type { EndpointRecord, ServerRecord } from '../model/endpoint-record.ts'

/** Collects the addresses to which a document would send a credential (x-flow 14, `Allowed Hosts`). */
export function collectOrigins(
  documentUrl: string,
  endpoints: readonly EndpointRecord[],
  logins: readonly LoginRecord[]
): DocumentOrigins {
  const servers = [...endpoints, ...logins].map(({ server }) => server)
  const tokenUrls = endpoints
    .flatMap(({ security }) => security.flat())
    .flatMap(scheme => (scheme.kind === 'oauth2' ? (scheme.clientCredentials?.tokenUrl ?? []) : []))
  const urls = [...tokenUrls, ...logins.flatMap(loginUrls)]
  return {
    documentUrl,
    servers: distinct(servers),
    // Others are relative to a server.
    identityUrls: [...new Set(urls.filter(url => URL.canParse(url) || url.startsWith('//')))]
  }
}

function loginUrls(login: LoginRecord): string[] {
  switch (login.kind) {
    case 'oauth2': {
      const { authorizationUrl, tokenUrl, refreshUrl, userInfoUrl } = login
      return [authorizationUrl, tokenUrl, userInfoUrl, ...(refreshUrl === null ? [] : [refreshUrl])]
    }
    case 'openIdConnect':
      return [login.discoveryUrl]
    case 'basic':
      return [login.checkUrl]
    default:
      return login satisfies never
  }
}

function distinct(servers: readonly ServerRecord[]): ServerRecord[] {
  return [...new Map(servers.map(server => [JSON.stringify(server), server])).values()]
}
