// A process that ends before it says anything.

process.exit(3)
