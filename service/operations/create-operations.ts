import { authenticateUser } from './authenticate-user.ts'
import { authorizeUser } from './authorize-user.ts'
import { catalogApi } from './catalog-api.ts'
import { compareDocuments } from './compare-documents.ts'
import { deleteObjects } from './delete-objects.ts'
import { describeConnector } from './describe-connector.ts'
import { describeType } from './describe-type.ts'
import { loadObjects } from './load-objects.ts'
import { previewConnector } from './preview-connector.ts'
import { readDocumentTexts } from './read-document-texts.ts'
import { saveObjects } from './save-objects.ts'
import type { Ports } from './session.ts'
import { tryMapping } from './try-mapping.ts'
import type { Operations } from './types.ts'
import { proposeOverlay } from './propose-overlay.ts'

/** Joins the use cases with their ports. */
export function createOperations(ports: Ports): Operations {
  return {
    describe: caller => describeConnector(ports, caller),
    catalog: (caller, options) => catalogApi(ports, caller, options),
    proposeOverlay: (caller, asked) => proposeOverlay(ports, caller, asked),
    preview: caller => previewConnector(ports, caller),
    describeType: (caller, name) => describeType(ports, caller, name),
    readTexts: caller => readDocumentTexts(ports, caller),
    load: (caller, request) => loadObjects(ports, caller, request),
    save: (caller, request) => saveObjects(ports, caller, request),
    remove: (caller, request) => deleteObjects(ports, caller, request),
    try: (caller, request) => tryMapping(ports, caller, request),
    authenticate: (caller, credentials) => authenticateUser(ports, caller, credentials),
    authorize: (caller, rule) => authorizeUser(ports, caller, rule),
    compare: (caller, versions) => compareDocuments(ports, caller, versions),
    keep: ({ owner }, text) => ports.kept.keep(text, owner)
  }
}
