/** CPU that this process has used (µs). */
export function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}
