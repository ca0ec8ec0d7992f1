/** How the connector names itself to every server that it calls; some refuse callers without a name. */
export const USER_AGENT = 'openapi-flow-connector'
