import { portOf } from '../net/egress-policy.ts'
import type { Settings } from '../settings.ts'

/**
 * Settings under which a command may call the hosts of some URLs too, private or not, each at the port
 * that its URL has (design 6). `EGRESS_DENY` still wins.
 *
 * @param urls What the user typed, or what stands in a file on the user's machine. What is no http or
 *   https URL says nothing.
 */
export function allowUrls(settings: Settings, urls: readonly string[]): Settings {
  const named = urls.flatMap(text => {
    const url = URL.parse(text)
    // A list would read a comma or an asterisk in a host as its own.
    const isUsable = url !== null && /^https?:$/.test(url.protocol) && !/[,*]/.test(url.hostname)
    return isUsable ? [`${url.hostname}:${portOf(url)}`] : []
  })
  return { ...settings, EGRESS_ALLOW: [settings.EGRESS_ALLOW, ...named].join(',') }
}
