import { portOf } from '../../net/egress-policy.ts'
import type { Settings } from '../../settings.ts'

/**
 * Allows a command to call the hosts of some URLs at their ports, private or not
 * (docs/running.md#what-may-be-called). `EGRESS_DENY` still takes precedence.
 *
 * @param urls From the command line or a local file. Texts that are not http or https URLs are ignored.
 */
export function allowUrls(settings: Settings, urls: readonly string[]): Settings {
  const named = urls.flatMap(text => {
    const url = URL.parse(text)
    // A comma or an asterisk in a host would be syntax in `EGRESS_ALLOW`.
    const isUsable = url !== null && /^https?:$/.test(url.protocol) && !/[,*]/.test(url.hostname)
    return isUsable ? [`${url.hostname}:${portOf(url)}`] : []
  })
  return { ...settings, EGRESS_ALLOW: [settings.EGRESS_ALLOW, ...named].join(',') }
}
