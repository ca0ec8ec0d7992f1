/** A credential that is written into a manifest, as no template is, also into a URL. */
const SECRET = /\b(?:token|key|password|authorization)["']?\s*:\s*["']?[^\s"'{},]|:\/\/[^\s/@]+@/i

/** Whether an excerpt of a manifest shows a credential, which output must not repeat. */
export function showsSecret(excerpt: string): boolean {
  return SECRET.test(excerpt)
}
