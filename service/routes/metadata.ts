import type { Operations } from '../operations/types.ts'
import { callerOf } from '../plugins/caller.ts'
import { jsonAnswer } from '../plugins/json-answer.ts'
import type { App } from '../plugins/typebox.ts'
import { writeDescription, writeInstallation } from '../protocol/describe.ts'
import {
  DescribeServiceRequest,
  DescribeServiceResponse,
  InstallResponse
} from '../protocol/schemas.ts'

/** `GET /metadata`, `POST /metadata` and `POST /metadata/install`: describe the connector and its types. */
export function addMetadataRoutes(app: App, operations: Operations): void {
  app.get(
    '/metadata',
    {
      config: { summary: 'Describes the connector: its configuration values.' },
      schema: { response: { 200: DescribeServiceResponse } }
    },
    async (request, reply) =>
      jsonAnswer(reply, writeDescription(await operations.describe(callerOf(request, null))))
  )
  app.post(
    '/metadata',
    {
      config: { summary: 'Describes the connector and, with a Schema URL, its types.' },
      schema: { body: DescribeServiceRequest, response: { 200: DescribeServiceResponse } }
    },
    async (request, reply) =>
      jsonAnswer(
        reply,
        writeDescription(await operations.describe(callerOf(request, request.body)))
      )
  )
  app.post(
    '/metadata/install',
    {
      config: { summary: 'Describes the connector and its types, to install them.' },
      schema: { body: DescribeServiceRequest, response: { 200: InstallResponse } }
    },
    async (request, reply) =>
      jsonAnswer(
        reply,
        writeInstallation(await operations.describe(callerOf(request, request.body)))
      )
  )
}
