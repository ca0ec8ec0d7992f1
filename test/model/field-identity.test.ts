import assert from 'node:assert/strict'
import { test } from 'node:test'

import { FIELD_FORMS } from '../../service/model/field-forms.ts'
import { fieldIdentity } from '../../service/model/field-identity.ts'
import { fieldProperty } from '../../service/model/field-property.ts'

/** The ids of a type of a manifest with text fields, the likeliest first. */
function ids(type: string, fields: readonly string[], writeOnly: readonly string[] = []): string[] {
  const properties = fields.map(name =>
    fieldProperty(name, name, {
      ...FIELD_FORMS.string,
      readOnly: false,
      writeOnly: writeOnly.includes(name)
    })
  )
  const { composite, candidates } = fieldIdentity(type, properties)
  assert.equal(composite, null)
  return candidates.map(path => path.join('.'))
}

for (const [type, fields, expected] of [
  ['customers', ['customer_id', 'email'], ['customer_id']],
  ['customers', ['customer_id', 'id'], ['id', 'customer_id']],
  ['customer_data', ['customer_id', 'created_at', 'email'], ['customer_id']],
  ['customer_data', ['email', 'customer_id', 'account_id'], ['customer_id']],
  ['customerData', ['customerId'], ['customerId']],
  ['CustomerList', ['CustomerID', 'RegionID'], ['CustomerID']],
  ['crm_customers', ['customer_id', 'account_id', 'code'], ['customer_id', 'code']],
  ['crm-customers', ['crm_customer_id', 'customer_id'], ['crm_customer_id']],
  ['raw_customers_2024', ['customer_id'], ['customer_id']],
  ['predictions_api', ['prediction_id', 'customer_id', 'score'], ['prediction_id']],
  ['stripe charges', ['charge_id', 'customer_id'], ['charge_id']],
  ['companies', ['company_id', 'parent_company_id'], ['company_id']],
  ['all_order_items', ['order_item_id', 'order_id', 'item_id'], ['order_item_id']],
  ['order_items', ['order_item_id', 'order_id'], ['order_item_id']],
  ['order_items', ['order_id', 'sku', 'quantity'], []],
  ['order_items', ['order_id', 'item_id'], []],
  ['order_items', ['item_id', 'quantity'], ['item_id']],
  ['user_roles', ['user_id', 'role_id'], []],
  ['customer_orders', ['customer_id', 'total'], []],
  ['page_views', ['page_id', 'user_id', 'seen_at'], []],
  ['scores', ['customer_id', 'score'], []],
  ['customers', ['name', 'email'], []],
  ['data', ['data_id', 'x'], ['data_id']],
  ['data', ['x_id'], []],
  ['2024', ['x_id'], []],
  ['données_clients', ['client_id'], ['client_id']],
  [`${'a_'.repeat(500)}b`, ['b_id'], []]
] as const) {
  test(`B20 the ids of ${type.slice(0, 30)} with ${fields.join(', ')} are ${expected.join(', ') || 'made'}`, () => {
    assert.deepEqual(ids(type, fields), expected)
  })
}

test('B20 a field that is not read is no id', () => {
  assert.deepEqual(ids('customer_data', ['customer_id'], ['customer_id']), [])
})
