import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonObject, jsonEqual, member, textMember } from '../../base/json.ts'
import { percentEncoded } from '../../base/percent-encoding.ts'
import { fullName } from '../server/entity-names.ts'
import type { MetadataClient } from '../server/metadata-client.ts'
import { statusOf } from '../server/metadata-client.ts'
import type { RestConnection } from '../workflow/workflow-form.ts'

const PATH = 'services/apiServices'

/** Members that a server never shows as they are. */
const SECRETS: ReadonlySet<string> = new Set(['token', 'sslConfig', 'awsCredentials'])

/**
 * Creates the service of a run, or changes its stored connection.
 *
 * @param connection As the workflow file has it, with `secret:NAME` in place of secrets; null if it is not to be stored.
 * @returns Whether the server stores the connection as it was to be stored.
 * @throws ConnectorError as the calls of a MetadataClient.
 */
export async function writeService(
  name: string,
  connection: RestConnection | null,
  client: MetadataClient
): Promise<boolean> {
  const path = `${PATH}/name/${percentEncoded(fullName(name))}`
  const known = await client.find(path, { include: 'all' })
  const forms = connection === null ? [] : connectionForms(connection)
  if (known !== undefined && known.deleted !== true) {
    const stored = member(member(known, 'connection'), 'config')
    if (connection === null || forms.some(form => isStored(form, stored))) return true
  }
  const body = { name, serviceType: 'Rest' }
  for (const config of forms) {
    try {
      await putService({ ...body, connection: { config } }, client)
      return true
    } catch (error) {
      // Versions differ in the members of a connection.
      if (statusOf(error) !== 400) throw error
    }
  }
  await putService(body, client)
  return connection === null
}

/** Puts a service, and brings it back if it was deleted softly. */
async function putService(body: JsonObject, client: MetadataClient): Promise<void> {
  const { entity } = await client.put(PATH, body)
  const id = textMember(entity, 'id')
  if (id !== undefined && member(entity, 'deleted') === true) {
    await client.put(`${PATH}/restore`, { id })
  }
}

/** A connection as the file has it, then in the forms that older and newer servers know. */
export function connectionForms(connection: RestConnection): JsonObject[] {
  const { type: _, openAPISchemaURL, openAPISchemaConnection: nested, ...rest } = connection
  const written = withoutNull({ openAPISchemaURL, openAPISchemaConnection: nested, ...rest })
  const url = openAPISchemaURL ?? nested?.openAPISchemaURL
  const { token, docURL } = connection
  const forms = [
    written,
    withoutNull({ openAPISchemaURL, openAPISchemaConnection: nested, token, docURL }),
    ...(url === undefined
      ? []
      : [
          withoutNull({ openAPISchemaConnection: { openAPISchemaURL: url }, token, docURL }),
          withoutNull({ openAPISchemaURL: url, token, docURL })
        ])
  ].map(form => ({ type: 'Rest', ...form }))
  return forms.filter((form, index) => !forms.slice(0, index).some(one => jsonEqual(one, form)))
}

function withoutNull(object: { readonly [name: string]: unknown }): JsonObject {
  const text: JsonValue = JSON.parse(JSON.stringify(object))
  if (!isJsonObject(text)) return {}
  return Object.fromEntries(Object.entries(text).filter(([, value]) => value !== null))
}

/** Whether the server has all of a connection that it shows. */
function isStored(form: JsonObject, stored: JsonValue | undefined): boolean {
  if (!isJsonObject(stored)) return false
  return Object.entries(form).every(
    ([name, value]) => SECRETS.has(name) || jsonEqual(stored[name], shown(value))
  )
}

function shown(value: JsonValue): JsonValue {
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([name]) => !SECRETS.has(name)))
}
