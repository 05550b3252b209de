import { PagedResultsControl } from 'ldapts';

/** An entry as it came: its name, and where in the bytes its attributes are. */
export interface RawEntry {
  readonly name: string;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** The whole answer to one search (RFC 4511 §4.5.2). */
export interface SearchReply {
  readonly entries: readonly RawEntry[];
  /** The URIs of all references. */
  readonly references: readonly string[];
  /** The result code: 0 is success. */
  readonly status: number;
  readonly serverText: string;
  /** Of the paged results control: empty behind the last page, undefined where there was no control. */
  readonly cookie: Buffer | undefined;
}

export interface ReplyReader {
  /** Takes what came from the socket. Throws where it is no LDAP. */
  take(chunk: Buffer): void;
  /** The answer to the search with that message id. */
  wait(messageId: number): Promise<SearchReply>;
}

/** A tag with its length: the contents are bytes[start] to bytes[end - 1]. */
export interface Field {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

const ENTRY = 0x64;
const REFERENCE = 0x73;
const DONE = 0x65;
const EXTENDED = 0x78;
const CONTROLS = 0xa0;
const OCTET_STRING = 0x04;

interface OpenReply {
  readonly entries: RawEntry[];
  readonly references: string[];
  readonly resolve: (reply: SearchReply) => void;
}

/**
 * Puts the answers to searches together. ldapts makes several objects of each value before anyone asks for it, which is
 * most of the time that a big read takes, and it hides the cookie: here entries stay bytes until they are decoded.
 */
export function createReplyReader(): ReplyReader {
  const open = new Map<number, OpenReply>();
  let rest: Buffer = Buffer.alloc(0);

  const message = (bytes: Buffer, { start, end }: Field) => {
    const id = fieldAt(bytes, start, end);
    const operation = fieldAt(bytes, id.end, end);
    const messageId = bytes.readUIntBE(id.start, id.end - id.start);
    // RFC 4511 §4.4.1: the one message that nobody asked for, before the server hangs up.
    if (messageId === 0 && operation.tag === EXTENDED)
      throw new Error(`the server is ending the connection: ${result(bytes, operation).serverText}`);
    const reply = open.get(messageId);
    if (reply === undefined) return;
    if (operation.tag === ENTRY) {
      const name = fieldAt(bytes, operation.start, operation.end);
      const list = fieldAt(bytes, name.end, operation.end);
      reply.entries.push({ name: textOf(bytes, name), bytes, start: list.start, end: list.end });
    } else if (operation.tag === REFERENCE) {
      for (const uri of fieldsIn(bytes, operation)) reply.references.push(textOf(bytes, uri));
    } else if (operation.tag === DONE) {
      open.delete(messageId);
      const { entries, references } = reply;
      const controls = operation.end < end ? fieldAt(bytes, operation.end, end) : undefined;
      reply.resolve({ entries, references, ...result(bytes, operation), cookie: cookieIn(bytes, controls) });
    }
  };

  return {
    take(chunk) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      for (let field = wholeFieldAt(bytes, at); field !== undefined; field = wholeFieldAt(bytes, at)) {
        message(bytes, field);
        at = field.end;
      }
      rest = bytes.subarray(at);
    },
    wait: (messageId) =>
      new Promise((resolve) => {
        open.set(messageId, { entries: [], references: [], resolve });
      }),
  };
}

function result(bytes: Buffer, operation: Field): { status: number; serverText: string } {
  const [code, , text] = fieldsIn(bytes, operation);
  if (code === undefined || text === undefined) throw new Error('the server sent a result that is cut off');
  return { status: bytes.readUIntBE(code.start, code.end - code.start), serverText: textOf(bytes, text) };
}

function cookieIn(bytes: Buffer, controls: Field | undefined): Buffer | undefined {
  if (controls?.tag !== CONTROLS) return undefined;
  for (const control of fieldsIn(bytes, controls)) {
    const [type, ...others] = fieldsIn(bytes, control);
    if (type === undefined || textOf(bytes, type) !== PagedResultsControl.type) continue;
    const value = others.find(({ tag }) => tag === OCTET_STRING);
    const [, cookie] = value ? fieldsIn(bytes, fieldAt(bytes, value.start, value.end)) : [];
    if (cookie !== undefined) return Buffer.from(bytes.subarray(cookie.start, cookie.end)); // a copy: it outlives the page
  }
  return undefined;
}

function textOf(bytes: Buffer, { start, end }: Field): string {
  return bytes.toString('utf8', start, end);
}

/** The fields within a field, in order. */
function fieldsIn(bytes: Buffer, { start, end }: Field): Field[] {
  const fields: Field[] = [];
  for (let at = start; at < end; ) {
    const field = fieldAt(bytes, at, end);
    fields.push(field);
    at = field.end;
  }
  return fields;
}

/** The field that begins there, which must end within `limit`. */
export function fieldAt(bytes: Buffer, at: number, limit: number): Field {
  const field = wholeFieldAt(bytes, at);
  if (field === undefined || field.end > limit) throw new Error('the server sent something that is cut off');
  return field;
}

/** The field that begins there, or undefined where its end has not come yet (X.690 §8.1.3). */
function wholeFieldAt(bytes: Buffer, at: number): Field | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) return undefined;
  let start = at + 2;
  let length = first;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw new Error('the server sent something that is no LDAP');
    if (start + count > bytes.length) return undefined;
    length = bytes.readUIntBE(start, count);
    start += count;
  }
  const end = start + length;
  return end > bytes.length ? undefined : { tag, start, end };
}
