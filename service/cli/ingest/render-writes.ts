import { isJsonObject, member, textMember } from '../../base/json.ts'
import { maskSecrets } from '../../ingest/secrets/mask-secrets.ts'
import type { DryWrite } from '../../ingest/server/dry-client.ts'
import { shownText } from '../shown-text.ts'

/** A call that a run would make, in one line. */
export function renderWrite({ method, path, body }: DryWrite): string {
  const parent = textMember(body, 'apiCollection') ?? textMember(body, 'service')
  return shownText([method, path, parent, textMember(body, 'name')].filter(Boolean).join(' '))
}

/** A call as it may be shown. */
export function shownWrite(write: DryWrite): DryWrite {
  const { body } = write
  const config = member(member(body, 'connection'), 'config')
  if (!isJsonObject(body) || config === undefined) return write
  return { ...write, body: { ...body, connection: { config: maskSecrets(config) } } }
}
