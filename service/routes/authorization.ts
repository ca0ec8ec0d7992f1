import type { DirectoryKind } from '../operations/look-up-directory.ts'
import { lookUpDirectory } from '../operations/look-up-directory.ts'
import type { DirectoryPage, Operations } from '../operations/types.ts'
import { callerOf } from '../plugins/caller.ts'
import { jsonAnswer } from '../plugins/json-answer.ts'
import type { App } from '../plugins/typebox.ts'
import {
  readAccessRule,
  readDirectoryRequest,
  writeAttributes,
  writeAuthorization,
  writeEntries
} from '../protocol/authorization.ts'
import { AuthorizationRequest, ObjectDataResponse } from '../protocol/schemas.ts'

type LookUp = {
  readonly path: string
  readonly kind: DirectoryKind
  readonly write: (page: DirectoryPage) => Buffer
}

const LOOK_UPS: readonly LookUp[] = [
  {
    path: '/authorization/user',
    kind: 'user',
    write: page => writeEntries('GroupAuthorizationUser', page)
  },
  {
    path: '/authorization/group',
    kind: 'group',
    write: page => writeEntries('GroupAuthorizationGroup', page)
  },
  { path: '/authorization/user/attribute', kind: 'userAttribute', write: writeAttributes },
  { path: '/authorization/group/attribute', kind: 'groupAttribute', write: writeAttributes }
]

/** `POST /authorization`: checks an access rule. Below it: look-ups of users, groups and attributes. */
export function addAuthorizationRoutes(app: App, operations: Operations): void {
  const schema = { body: AuthorizationRequest, response: { 200: ObjectDataResponse } }
  const ofRule = { summary: 'Tells whether an access rule admits the user, and where to log in.' }
  app.post('/authorization', { config: ofRule, schema }, async (request, reply) => {
    const caller = callerOf(request, request.body)
    const result = await operations.authorize(caller, readAccessRule(request.body))
    return jsonAnswer(reply, writeAuthorization(result))
  })
  for (const { path, kind, write } of LOOK_UPS) {
    const config = { summary: 'Looks up what access rules can name.' }
    app.post(path, { config, schema }, async (request, reply) =>
      jsonAnswer(reply, write(lookUpDirectory(kind, readDirectoryRequest(request.body))))
    )
  }
}
