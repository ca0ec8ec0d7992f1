import type { JsonObject } from '../base/json.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { objectOfRow, typesWithSecrets } from '../objects/row-object.ts'
import type { Types } from '../objects/type-lookup.ts'
import { typeNamed } from '../objects/type-lookup.ts'
import { serverUrl } from '../plan/server-url.ts'
import { withFirstPage } from './first-page-fields.ts'
import { planSaveCall, saveGroup } from './plan-save-calls.ts'
import type { EncodedSave } from './plan-saves.ts'
import { encodeSaves } from './plan-saves.ts'
import type { Session } from './session.ts'
import { mappingOf, missingMapping } from './session.ts'

/** A type of an API that takes rows. */
export type RowTarget = {
  readonly session: Session
  readonly type: TypeRecord
  /** For reading rows. */
  readonly types: Types
  /** Whether a row with an external id is an update. */
  readonly isUpserted: boolean
}

/** A row that is ready to be sent. */
export type RowSave = {
  readonly save: EncodedSave
  /** What rows of one request have in common, and how many they are at most. */
  readonly group: string
  readonly groupMax: number
  /** The external id of the row; null for none. */
  readonly id: string | null
}

/**
 * Opens a type for rows (docs/pipelines.md#writing).
 *
 * @throws ConnectorError `TYPE_UNKNOWN`, `MAPPING_MISSING` for a type without save and update.
 */
export async function openRowTarget(given: Session, typeName: string): Promise<RowTarget> {
  const declared = typeNamed(given.model.types, typeName)
  const session =
    given.model.index.needsFirstPages === true ? await withFirstPage(given, typeName) : given
  const { types } = session.model
  const type = typeNamed(types, typeName)
  const isUpserted = mappingOf(session, type, 'update') !== undefined
  if (!isUpserted && mappingOf(session, type, 'save') === undefined) {
    throw missingMapping(declared, 'save', 'create')
  }
  return { session, type, types: typesWithSecrets(types), isUpserted }
}

/**
 * Plans a row, and with it the request as far as that is known: all faults of the row show before anything is sent.
 *
 * @throws ConnectorError `ROW_MISFIT`, `MAPPING_MISSING`, `VALUE_INVALID`, `CHOICE_AMBIGUOUS`, `BODY_*`, `PARAMETER_*`,
 *   `ID_*`, and those of servers and configuration.
 */
export async function planRow(target: RowTarget, row: JsonObject): Promise<RowSave> {
  const { session, type, types, isUpserted } = target
  const object = objectOfRow(types, type.name, row)
  const id = object.externalId
  const saved = isUpserted ? object : { ...object, externalId: null }
  const [save] = await encodeSaves(session, type, [saved])
  if (save === undefined) throw new TypeError('a row has one save')
  planSaveCall([save], save.mapped)
  const groupMax = save.isMerged ? 1 : (save.mapped.mapping.batchSize ?? 1)
  return { save, group: saveGroup(session, save), groupMax, id }
}

/** Where the rows go, for comparison: the endpoints of the type and their server. It may have secrets. */
export function targetText({ session, type }: RowTarget): string {
  const { access, model } = session
  const places = (['save', 'update'] as const).map(verb => {
    const mapped = mappingOf(session, type, verb)
    if (mapped === undefined || !mapped.answers.takesParameters) return null
    const { endpoint } = mapped
    return [endpoint.key, serverUrl(endpoint, model.index.documentUrl, access)]
  })
  return JSON.stringify([type.name, ...places])
}
