import type { JsonObject } from '../../service/base/json.ts'
import type { Chooser } from './chooser.ts'
import { growExtension } from './extension-grammar.ts'

/** Grows security schemes of every kind. Their URLs lead to the API of the document. */
export function growSchemes(chooser: Chooser): { readonly [name: string]: JsonObject } {
  const { pick, once } = chooser
  const urls = {
    tokenUrl: pick(['/token', '/v1/token', '//', 'http://[']),
    authorizationUrl: pick(['/authorize', '', 'x y']),
    refreshUrl: pick(['/token', '/refresh']),
    scopes: { read: '', 'a b': 'Ā' }
  }
  const kinds: readonly [JsonObject, ...JsonObject[]] = [
    {
      type: 'apiKey',
      in: pick(['header', 'query', 'cookie', 'odd']),
      name: pick(['X-Key', 'key', 'a b'])
    },
    { type: 'http', scheme: pick(['basic', 'bearer', 'Basic', 'digest']) },
    {
      type: 'oauth2',
      flows: {
        [pick(['clientCredentials', 'authorizationCode', 'password', 'odd'])]: urls,
        ...(once(3) && { password: urls })
      }
    },
    { type: 'openIdConnect', openIdConnectUrl: pick(['/openid', '/v1', '//', '']) },
    { type: 'odd' }
  ]
  return {
    key: kinds[0],
    ...Object.fromEntries(
      chooser.some(5, index => [
        `s${index}`,
        {
          ...pick(kinds),
          ...(once(2) && { 'x-flow-identity': growExtension(chooser, 'x-flow-identity') })
        }
      ])
    )
  }
}
