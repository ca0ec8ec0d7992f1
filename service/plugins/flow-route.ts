import type { FastifyContextConfig } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Whether a route does a flow's work, so that it waits its turn and is refused under overload. Default
     * true. Health must answer then most of all; and a sample may be what a running request waits for.
     */
    isFlow?: boolean
  }
}

/** Whether a route, by its `config`, does a flow's work. */
export function isFlowRoute(config: FastifyContextConfig | undefined): boolean {
  return config?.isFlow !== false
}
