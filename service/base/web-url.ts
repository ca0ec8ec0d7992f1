import { parseUrl } from './parse-url.ts'

/** Whether a text is an http or https URL without a user. */
export function isWebUrl(text: string): boolean {
  const url = parseUrl(text)
  if (url === null || url.username !== '' || url.password !== '') return false
  return url.protocol === 'http:' || url.protocol === 'https:'
}
