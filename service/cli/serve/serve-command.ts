import type { Command } from '../command.ts'

export const serveCommand: Command = {
  name: 'serve',
  operands: [],
  does: 'runs the service, with settings from the environment',
  options: [],
  examples: [
    'openapi-flow serve',
    'PORT=3000 openapi-flow serve',
    'CONNECTOR_USERNAME=flow CONNECTOR_PASSWORD=… openapi-flow serve'
  ],
  load: async () => {
    const { serve } = await import('./serve.ts')
    return (_input, { settings, terminal }) => serve(settings, terminal)
  }
}
