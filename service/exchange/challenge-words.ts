const DESCRIPTION = /(?:^|[ \t,])error_description[ \t]?=[ \t]?(?:"((?:[^"\\]|\\.)*)"|([^ \t,"]+))/i

const ERROR = /(?:^|[ \t,])error[ \t]?=[ \t]?(?:"((?:[^"\\]|\\.)*)"|([^ \t,"]+))/i

/**
 * The reason that a `WWW-Authenticate` gives for a refusal (RFC 6750 3): `error_description`, else `error`. Blank if it
 * has none.
 */
export function challengeWords(header: string | undefined): string {
  const found = DESCRIPTION.exec(header ?? '') ?? ERROR.exec(header ?? '')
  const [, quoted, token = ''] = found ?? []
  return quoted?.replaceAll(/\\(.)/g, '$1') ?? token
}
