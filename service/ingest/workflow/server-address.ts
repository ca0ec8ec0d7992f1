import { isInternalName, isPrivateHost } from '../../net/public-address.ts'

/** Whether a URL leads to this machine or a private network, as far as its text shows. */
export function isPrivateUrl(text: string): boolean {
  const { host, hostname } = new URL(text)
  return isPrivateHost(host) || isInternalName(hostname)
}
