/** A name in lower case, with its letters and digits only: equal for `page[size]`, `pageSize` and `$page_size`. */
export function bareName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/** A name in lower case, without `_`, `-` and spaces: equal for `ticketId`, `ticket_id` and `TicketID`. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[_\-\s]/g, '')
}
