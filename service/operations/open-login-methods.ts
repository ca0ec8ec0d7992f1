import type { OpenModel } from '../model/open-model.ts'
import type { FlowCaller } from './flow-deadline.ts'
import type { LoginMethods } from './login-methods.ts'
import { loginMethods, loginScope } from './login-methods.ts'
import type { Ports } from './session.ts'
import { openDocument } from './session.ts'

/** The ways to log in of a caller's document, and the document. */
export type OpenLoginMethods = LoginMethods & { readonly model: OpenModel }

/**
 * Opens the caller's document for a login.
 *
 * @throws ConnectorError as `openDocument`.
 */
export async function openLoginMethods(
  ports: Ports,
  caller: FlowCaller
): Promise<OpenLoginMethods> {
  const { model, access } = await openDocument(ports, caller)
  return { model, ...(await loginMethods(ports.origins, model, loginScope(caller), access)) }
}
