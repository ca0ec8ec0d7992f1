import type { OpenModel } from '../model/open-model.ts'
import type { FlowCaller } from './flow-deadline.ts'
import type { LoginPlaces } from './login-places.ts'
import { loginPlaces, loginScope } from './login-places.ts'
import type { Ports } from './session.ts'
import { openDocument } from './session.ts'

/** The ways to log in of a caller's document, and the document. */
export type OpenLoginPlaces = LoginPlaces & { readonly model: OpenModel }

/**
 * Opens the caller's document for a login.
 *
 * @throws ConnectorError as `openDocument`.
 */
export async function openLoginPlaces(ports: Ports, caller: FlowCaller): Promise<OpenLoginPlaces> {
  const { model, access } = await openDocument(ports, caller)
  return { model, ...(await loginPlaces(ports.origins, model, loginScope(caller), access)) }
}
