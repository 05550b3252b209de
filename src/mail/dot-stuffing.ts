const DOT = 0x2e;
const LINE_START_DOT = Buffer.from('\r\n.', 'latin1');

/** Doubles each dot that begins a line (RFC 5321 §4.5.2). The message has CRLF line endings; mostly there is none to double. */
export function stuffDots(message: Buffer): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  if (message[0] === DOT) parts.push(Buffer.from('.'));
  for (let at = message.indexOf(LINE_START_DOT); at >= 0; at = message.indexOf(LINE_START_DOT, from)) {
    const dot = at + 2;
    parts.push(message.subarray(from, dot + 1), message.subarray(dot, dot + 1));
    from = dot + 1;
  }
  if (parts.length === 0) return message;
  parts.push(message.subarray(from));
  return Buffer.concat(parts);
}
