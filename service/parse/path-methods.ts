/** The methods that a Path Item Object of OpenAPI 3.0 and 3.1 has members for (OpenAPI 3.1, 4.8.9.1). */
export const PATH_METHODS = [
  'get',
  'put',
  'post',
  'delete',
  'options',
  'head',
  'patch',
  'trace'
] as const

/** Those of OpenAPI 3.2 (4.9.1). */
export const ALL_PATH_METHODS = [...PATH_METHODS, 'query'] as const
