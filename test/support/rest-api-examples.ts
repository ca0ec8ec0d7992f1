/** The examples of the `rest_api` form, as its manual has them. */

/** Of a complete input. */
export const FULL_READ = `CONFIG:
  inputs:
    customer_data:
      format: rest_api
      url: "https://api.example.com/v1/customers"
      method: GET                        # GET (default) | POST

      headers:
        Accept: application/json

      params:                            # query string parameters
        since: "{{ dt | default('2025-01-01') }}"
        status: active

      auth:
        type: bearer                     # bearer | api_key | basic
        token: "{{ env.API_TOKEN }}"

      pagination:
        type: offset                     # offset | cursor | next_link
        page_size: 100
        max_pages: 50

      response:
        root_key: data                   # extract records from response["data"]

      rate_limit:
        requests_per_second: 10
        retry_on: [429, 503]
        max_retries: 3

      schema:                            # optional — inferred if omitted
        - name: customer_id
          type: string
        - name: created_at
          type: timestamp
        - name: email
          type: string
`

/** Of the least that an input has. */
export const MINIMAL_READ = `CONFIG:
  inputs:
    customers:
      format: rest_api
      url: "https://api.example.com/v1/customers"
`

/** Of an output. */
export const WRITE = `CONFIG:
  outputs:
    predictions_api:
      format: rest_api
      url: "https://api.example.com/v1/predictions"
      method: POST
      headers:
        Content-Type: application/json
      auth:
        type: bearer
        token: "{{ env.API_TOKEN }}"
      batch_size: 100            # records per request
      rate_limit:
        requests_per_second: 5
        retry_on: [429, 503]
        max_retries: 3
`

/** Of a pipeline with other parts beside its input. */
export const CUSTOMER_SYNC = `MODEL: etl
VERSION: "1.0.0"

CONFIG:
  inputs:
    crm_customers:
      format: rest_api
      url: "https://crm.example.com/api/v2/customers"
      auth:
        type: bearer
        token: "{{ env.CRM_TOKEN }}"
      pagination:
        type: next_link
        link_field: next
      response:
        root_key: results

  transform:
    type: noop

  outputs:
    customers_delta:
      format: delta
      path: s3://datalake/crm/customers/
      mode: overwrite`

/** Of credentials. */
export const AUTHS = {
  bearer: 'auth:\n  type: bearer\n  token: "{{ env.API_TOKEN }}"',
  keyInHeader: 'auth:\n  type: api_key\n  header: X-Api-Key\n  key: "{{ env.API_KEY }}"',
  keyInQuery: 'auth:\n  type: api_key\n  param: api_key\n  key: "{{ env.API_KEY }}"',
  basic: 'auth:\n  type: basic\n  username: "{{ env.API_USER }}"\n  password: "{{ env.API_PASS }}"'
} as const

/** Of paging. */
export const PAGINATIONS = {
  offset: 'pagination:\n  type: offset\n  page_size: 200\n  max_pages: 100      # safety cap',
  cursor:
    'pagination:\n  type: cursor\n  cursor_field: next_cursor      # response JSON key containing the cursor\n  page_size: 500',
  nextLink:
    'pagination:\n  type: next_link\n  link_field: next              # response JSON key containing the next URL'
} as const

/** Of a place of the records, and of declared fields. */
export const ROOT_KEY = 'response:\n  root_key: data'
export const SCHEMA = `schema:
  - name: id
    type: long
  - name: name
    type: string
  - name: score
    type: double
  - name: created_at
    type: timestamp`

/** The least input with further members. */
export function readWith(...members: readonly string[]): string {
  const lines = members.map(text => `${text.replaceAll(/^(?=.)/gm, '      ')}\n`)
  return MINIMAL_READ + lines.join('')
}
