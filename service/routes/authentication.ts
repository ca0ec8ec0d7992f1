import type { Operations } from '../operations/types.ts'
import { callerOf } from '../plugins/caller.ts'
import type { App } from '../plugins/typebox.ts'
import { readCredentials, writeAuthentication } from '../protocol/authentication.ts'
import { AuthenticationRequest, AuthenticationResponse } from '../protocol/schemas.ts'

/** `POST /authentication`: logs a user in. */
export function addAuthenticationRoute(app: App, operations: Operations): void {
  app.post(
    '/authentication',
    {
      config: { summary: 'Logs a user in.' },
      schema: { body: AuthenticationRequest, response: { 200: AuthenticationResponse } }
    },
    async request => {
      const caller = callerOf(request, request.body)
      return writeAuthentication(
        await operations.authenticate(caller, readCredentials(request.body))
      )
    }
  )
}
