import type { App } from '../plugins/typebox.ts'

/** `GET /health`, `/health/live`, `/health/ready`: an empty 200 (protocol 1.1). */
export function addHealthRoutes(app: App): void {
  for (const path of ['/health', '/health/live', '/health/ready']) {
    app.get(path, { config: { isPublic: true, isFlow: false } }, (_, reply) => {
      reply.send()
    })
  }
}
