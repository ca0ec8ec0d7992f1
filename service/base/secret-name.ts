const SECRET_NAME = /pass(word|wd|phrase)?$|pwd|secret|token|api.?key|credential|\bpin\b/i

/** Whether a member or parameter is called as secrets are (docs/x-flow.md#secret-properties). */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name)
}
