/*
 * Removes the accessor `__proto__`, so that a member of that name in a document or request cannot change a
 * prototype. Every process and thread of the service imports this first.
 */
Reflect.deleteProperty(Object.prototype, '__proto__')
