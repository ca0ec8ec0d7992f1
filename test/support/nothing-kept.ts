import type { KeptTexts } from '../../service/documents/kept-texts.ts'
import { ConnectorError } from '../../service/errors.ts'

/** Kept texts of a source that has none. */
export const NOTHING_KEPT: Pick<KeptTexts, 'read'> = {
  read: async () => {
    throw new ConnectorError('KEPT_UNKNOWN')
  }
}
