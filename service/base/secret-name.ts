const SECRET_NAME =
  /pass(word|wd|phrase)?$|pwd|secret|token|api.?key|credential|\bpin\b|^authorization$|^cookie$/i

/** Whether a member, parameter or header is called as secrets are. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name)
}
