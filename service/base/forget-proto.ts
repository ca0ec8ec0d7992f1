/*
 * What a document or a request names `__proto__` is nowhere more than a name: without this accessor no
 * assignment to it reaches a prototype. Every process and thread of the service imports this first.
 */
Reflect.deleteProperty(Object.prototype, '__proto__')
