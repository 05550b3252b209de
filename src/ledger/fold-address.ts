/**
 * An address as the suppression list compares it. Local parts are case-sensitive by RFC 5321 §2.4 and by nobody's practice:
 * here, writing to the same mailbox under another spelling is the worse mistake.
 */
export function foldAddress(address: string): string {
  return address.trim().normalize('NFC').toLowerCase();
}
