import type {
  AccessRule,
  AuthorizationResult,
  DirectoryPage,
  DirectoryRequest
} from '../operations/types.ts'
import type { FlowObject } from '../objects/types.ts'
import { readFlowObjects } from './read-flow-objects.ts'
import { readListFilter } from './list-filter.ts'
import { writeLoadResult } from './object-data.ts'
import { headerValue } from './user-header.ts'
import type { AuthorizationRequest, RequestAuthorization } from './schemas.ts'

/** Property that holds the id of a directory entry. */
const ID_PROPERTY = 'AuthenticationId'

/**
 * Reads an access rule (docs/protocol.md#authorization). Without one all users have access; an unknown
 * authentication type allows only the listed users and groups.
 */
export function readAccessRule({ authorization }: AuthorizationRequest): AccessRule {
  if (authorization == null) return { allowed: 'ALL_USERS', users: [], groups: [] }
  const type = authorization.globalAuthenticationType?.trim().toUpperCase()
  const allowed = type === 'PUBLIC' || type === 'ALL_USERS' ? type : 'SPECIFIED'
  return {
    allowed,
    users: (authorization.users ?? []).flatMap(entry => {
      const id = entry.runningUser ? authorization.runningAuthenticationId : entry.authenticationId
      return id?.trim() ? [{ id: id.trim(), attribute: attributeOf(entry) }] : []
    }),
    groups: (authorization.groups ?? []).flatMap(
      ({ authenticationId }) => authenticationId?.trim() || []
    )
  }
}

function attributeOf({
  attribute,
  runningUser
}: NonNullable<RequestAuthorization['users']>[number]): string {
  return runningUser ? '' : (attribute?.trim().toLowerCase() ?? '')
}

/** The answer of `/authorization`: one `$User`, whose `Status` is the decision. */
export function writeAuthorization({
  isAllowed,
  directory,
  user,
  authenticationType,
  loginUrl
}: AuthorizationResult): Buffer {
  const group = headerValue(user?.groups[0] ?? '')
  const known = user && [
    ['Username', headerValue(user.username ?? '')],
    ['Email', headerValue(user.email ?? user.names.Email ?? '')],
    ['First Name', user.names.FirstName ?? ''],
    ['Last Name', user.names.LastName ?? ''],
    ['Role Id', ''],
    ['Role Name', ''],
    ['Primary Group Id', group],
    ['Primary Group Name', group]
  ]
  const userId = user?.userId ?? 'anonymous'
  return writePage([
    textObject('$User', userId, [
      ['User ID', userId],
      ['Directory Id', headerValue(directory.id)],
      ['Directory Name', headerValue(directory.name)],
      ...(known ?? []),
      ['AuthenticationType', authenticationType],
      ['LoginUrl', loginUrl],
      ['Status', isAllowed ? '200' : '401']
    ])
  ])
}

/** Reads a directory look-up (docs/protocol.md#directory-look-ups). Its objects are the entries to look up. */
export function readDirectoryRequest(body: AuthorizationRequest): DirectoryRequest {
  const { search, limit, offset } = readListFilter(body.listFilter)
  const entries = readFlowObjects(body.objectData ?? [], null, '/objectData')
  return { search, limit, offset, ids: entries.flatMap(entryId) }
}

function entryId({ externalId, properties }: FlowObject): string | [] {
  const id = properties.find(({ developerName }) => developerName === ID_PROPERTY)
  return id?.contentValue?.trim() || externalId?.trim() || []
}

/** Users or groups of a directory. */
export function writeEntries(developerName: string, page: DirectoryPage): Buffer {
  const objects = page.entries.map(({ id, label }) =>
    textObject(developerName, id, [
      [ID_PROPERTY, id],
      ['FriendlyName', label],
      ['DeveloperSummary', label]
    ])
  )
  return writePage(objects, page.hasMoreResults)
}

/** Attributes by which access rules refer to users or groups. */
export function writeAttributes(page: DirectoryPage): Buffer {
  const objects = page.entries.map(({ id, label }) =>
    textObject('AuthenticationAttribute', id, [
      ['Value', id],
      ['Label', label]
    ])
  )
  return writePage(objects, page.hasMoreResults)
}

function writePage(objects: readonly FlowObject[], hasMoreResults = false): Buffer {
  return writeLoadResult({
    objects: objects.map((object, order) => ({ ...object, order })),
    hasMoreResults
  })
}

function textObject(
  developerName: string,
  externalId: string,
  values: readonly (readonly string[])[]
): FlowObject {
  return {
    externalId,
    internalId: null,
    developerName,
    order: 0,
    properties: values.map(([name = '', contentValue = '']) => ({
      developerName: name,
      contentType: 'ContentString',
      contentValue,
      objectData: null
    }))
  }
}
