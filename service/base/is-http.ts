/** Whether a URL is one of http or https, without a user. */
export function isHttp({ protocol, username, password }: URL): boolean {
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === ''
}
