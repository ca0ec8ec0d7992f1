import type { Settings } from '../../settings.ts'
import { allowUrls } from './allow-urls.ts'

/**
 * The settings of a command, which shares no state with a service that may run in the same environment.
 *
 * @param urls What it may call although private.
 */
export function commandSettings(settings: Settings, urls: readonly string[]): Settings {
  return { ...allowUrls(settings, urls), REDIS_URL: '', METRICS: 'off' }
}
