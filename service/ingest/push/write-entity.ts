import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonObject, jsonEqual, member, textMember } from '../../base/json.ts'
import { ConnectorError } from '../../errors.ts'
import type { MetadataClient } from '../server/metadata-client.ts'
import { statusOf, wrongServer } from '../server/metadata-client.ts'
import type { ServerDialect } from '../server/server-dialect.ts'
import type { EntityRequest } from './entity-requests.ts'
import type { KnownEntity } from './kept-edits.ts'
import { withEdits } from './kept-edits.ts'

/** How entities are written. */
export type EntityWriting = {
  readonly client: Pick<MetadataClient, 'host' | 'put' | 'patch'>
  readonly dialect: ServerDialect
  /** Whether texts of the source replace those that people have edited. */
  readonly overrides: boolean
}

export type Written = 'created' | 'updated' | 'unchanged'

/** Texts of an entity that people may edit, and that `overrides` replaces. */
const TEXTS = ['description', 'displayName'] as const

/**
 * Creates or changes an entity, unless the server has it as the source has it. An entity that was deleted softly is brought
 * back.
 *
 * @param path Of its kind: `apiCollections` or `apiEndpoints`.
 * @param known The entity as the server has it.
 * @throws ConnectorError as the calls of a MetadataClient.
 */
export async function writeEntity(
  path: string,
  request: EntityRequest,
  known: KnownEntity | undefined,
  writing: EntityWriting
): Promise<Written> {
  const { overrides, client } = writing
  if (known !== undefined && isUnchanged(request, known, overrides)) return 'unchanged'
  const body = known === undefined || overrides ? request.body : withEdits(request.body, known)
  const { entity, isNew } = await put(path, { ...body, sourceHash: request.sourceHash }, writing)
  if (!isJsonObject(entity)) throw wrongServer(client.host, 'it answers a PUT without an entity')
  const id = textMember(entity, 'id') ?? known?.id
  if (id !== undefined && member(entity, 'deleted') === true) {
    await client.put(`${path}/restore`, { id })
  }
  // A server keeps the texts of an entity when a bot puts others.
  const kept = overrides && known !== undefined ? keptTexts(request.body, entity) : []
  if (id !== undefined && kept.length > 0) await client.patch(`${path}/${id}`, kept)
  return isNew && known === undefined ? 'created' : 'updated'
}

function isUnchanged(request: EntityRequest, known: KnownEntity, overrides: boolean): boolean {
  if (known.isDeleted || known.sourceHash !== request.sourceHash) return false
  if (!overrides) return true
  const replaced = TEXTS.filter(text => request.body[text] !== undefined)
  return replaced.every(text => known.own[text] === request.body[text])
}

/** The operations that replace texts which the server has kept. */
function keptTexts(body: JsonObject, entity: JsonValue): JsonObject[] {
  return TEXTS.flatMap(text => {
    const value = body[text]
    const isKept = value !== undefined && member(entity, text) !== undefined
    return isKept && !jsonEqual(member(entity, text), value)
      ? [{ op: 'add', path: `/${text}`, value }]
      : []
  })
}

/** Puts an entity, in the words that the server knows. */
async function put(
  path: string,
  body: JsonObject,
  { client, dialect }: EntityWriting
): ReturnType<MetadataClient['put']> {
  const forgets: (() => void)[] = []
  for (;;) {
    const sent = dialect.adapt(body)
    try {
      return await client.put(path, sent)
    } catch (error) {
      const mayAdapt = statusOf(error) === 400 && error instanceof ConnectorError
      if (mayAdapt) forgets.push(dialect.learn(error.message))
      if (mayAdapt && !jsonEqual(dialect.adapt(body), sent)) continue
      for (const forget of forgets) forget()
      throw error
    }
  }
}
