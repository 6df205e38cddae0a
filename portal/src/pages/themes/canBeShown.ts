/** Whether the portal's policy allows a picture from there: its own host, or a store, by the portal's own protocol. */
export function canBeShown(address: string, storeDomain: string): boolean {
  if (address.startsWith('/')) return !address.startsWith('//');
  if (!URL.canParse(address)) return false;
  const { protocol, host } = new URL(address);
  return protocol === window.location.protocol && host.endsWith(`.${storeDomain}`);
}
