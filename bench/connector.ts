import { startService } from '../service/cli/serve.ts'
import { readSettings } from '../service/settings.ts'

// The connector as it is served, on a free port; the API that it calls is on this machine.
const { settings } = readSettings({
  PORT: '0',
  HOST: '127.0.0.1',
  LOG_LEVEL: 'warn',
  EGRESS_ALLOW: '127.0.0.1'
})
const service = await startService(settings)
process.send?.(service.url)
process.on('disconnect', () => process.exit())
