import { startService } from '../service/cli/serve.ts'
import { readSettings } from '../service/settings.ts'

// The connector as it is served, on a free port.
const { settings } = readSettings({ PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'warn' })
const service = await startService(settings)
process.send?.(service.url)
process.on('disconnect', () => process.exit())
