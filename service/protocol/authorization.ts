import type {
  AccessRule,
  AuthorizationResult,
  DirectoryPage,
  DirectoryRequest
} from '../operations/types.ts'
import type { FlowObject } from '../objects/types.ts'
import { readFlowObjects } from './flow-objects.ts'
import { readListFilter } from './list-filter.ts'
import { writeLoadResult } from './object-data.ts'
import { headerValue } from './user-header.ts'
import type { AuthorizationRequest, RequestAuthorization } from './schemas.ts'
import type { WrittenAnswer } from './written-answer.ts'

/** Property by which a directory's entry is known (protocol 7.5). */
const ID_PROPERTY = 'AuthenticationId'

/**
 * Reads who may do something (protocol 9.2). Without a rule any user may; a word that is none allows only
 * those who are listed.
 */
export function readAccessRule({ authorization }: AuthorizationRequest): AccessRule {
  if (authorization == null) return { allowed: 'ALL_USERS', users: [], groups: [] }
  const word = authorization.globalAuthenticationType?.trim().toUpperCase()
  const allowed = word === 'PUBLIC' || word === 'ALL_USERS' ? word : 'SPECIFIED'
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

/** The answer of `/authorization`: one `$User`, whose `Status` is the verdict (protocol 9.2). */
export function writeAuthorization({
  isAllowed,
  directory,
  user,
  authenticationType,
  loginUrl
}: AuthorizationResult): WrittenAnswer {
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
  return onePage([
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

/** Reads a look-up in a directory (protocol 9.3): objects that come with it are what is looked up. */
export function readDirectoryRequest(body: AuthorizationRequest): DirectoryRequest {
  const { search, limit, offset } = readListFilter(body.listFilter)
  const given = readFlowObjects(body.objectData ?? [], null, '/objectData')
  return { search, limit, offset, ids: given.flatMap(entryId) }
}

function entryId({ externalId, properties }: FlowObject): string | [] {
  const named = properties.find(({ developerName }) => developerName === ID_PROPERTY)
  return named?.contentValue?.trim() || externalId?.trim() || []
}

/** Users or groups of a directory. */
export function writeEntries(developerName: string, page: DirectoryPage): WrittenAnswer {
  const objects = page.entries.map(({ id, label }) =>
    textObject(developerName, id, [
      [ID_PROPERTY, id],
      ['FriendlyName', label],
      ['DeveloperSummary', label]
    ])
  )
  return onePage(objects, page.hasMoreResults)
}

/** Attributes by which users or groups are named. */
export function writeAttributes(page: DirectoryPage): WrittenAnswer {
  const objects = page.entries.map(({ id, label }) =>
    textObject('AuthenticationAttribute', id, [
      ['Value', id],
      ['Label', label]
    ])
  )
  return onePage(objects, page.hasMoreResults)
}

function onePage(objects: readonly FlowObject[], hasMoreResults = false): WrittenAnswer {
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
