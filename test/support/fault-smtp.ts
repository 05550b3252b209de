/**
 * An SMTP server that misbehaves where it is told to, and counts what it took. Nothing in it is Rollcall's, so that it
 * can be an oracle; it imports only Node's own modules, so that it can be compiled and run as a process of its own.
 */
import { createServer as createTcpServer, type Socket } from 'node:net';
import {
  createSecureContext,
  createServer as createTlsServer,
  type SecureContext,
  TLSSocket,
} from 'node:tls';

export type Stage =
  | 'greeting'
  | 'ehlo'
  | 'starttls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  /** After the first bytes of the body. */
  | 'body'
  /** After the final dot. */
  | 'dot';

export type Fault =
  /** FIN. */
  | { readonly do: 'close' }
  /** RST. */
  | { readonly do: 'reset' }
  /** Never a word again. */
  | { readonly do: 'hang' }
  /** The right answer, a byte every `everyMs`. */
  | { readonly do: 'trickle'; readonly everyMs: number }
  /** The right answer, late. */
  | { readonly do: 'delay'; readonly ms: number }
  /** Another answer; after a 421 it closes. */
  | { readonly do: 'reply'; readonly text: string };

export interface Moment {
  readonly stage: Stage;
  /** 1 for the first connection. */
  readonly connection: number;
  /** 1 for the first MAIL of that connection; 0 before it. */
  readonly message: number;
  readonly from: string;
  readonly to: string;
}

export interface Received {
  readonly messageId: string;
  readonly from: string;
  readonly to: readonly string[];
  /** Parameters of MAIL and RCPT, as they came. */
  readonly parameters: string;
  /** Without the stuffed dots. */
  readonly raw: Buffer;
  /** Whether a 250 was sent for it. */
  readonly isAcknowledged: boolean;
  /** Milliseconds. */
  readonly at: number;
}

export interface FaultSmtpOptions {
  readonly port?: number;
  readonly host?: string;
  readonly plan?: (moment: Moment) => Fault | undefined;
  /** EHLO keywords; by default PIPELINING, DSN, SIZE, 8BITMIME, SMTPUTF8, and STARTTLS and AUTH where they can be had. */
  readonly extensions?: readonly string[];
  readonly tls?: { readonly key: string; readonly cert: string; readonly implicit?: boolean };
  readonly auth?: { readonly user: string; readonly password: string };
  /** Added before each answer, like a distant server. */
  readonly latencyMs?: number;
  /** False for long runs: then only counts are kept. */
  readonly keepRaw?: boolean;
}

export interface FaultSmtp {
  readonly port: number;
  /** Complete messages that the server took (answered 250, or broke off after it had them), by Message-ID. */
  readonly copies: ReadonlyMap<string, number>;
  readonly received: readonly Received[];
  /** Every command line of every connection, for tests of what was said. */
  readonly commands: readonly string[];
  readonly connections: number;
  /** Milliseconds of every MAIL. */
  readonly mailTimes: readonly number[];
  plan: (moment: Moment) => Fault | undefined;
  stop(): Promise<void>;
}

export async function startFaultSmtp(options: FaultSmtpOptions = {}): Promise<FaultSmtp> {
  const copies = new Map<string, number>();
  const received: Received[] = [];
  const commands: string[] = [];
  const mailTimes: number[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;

  const state = { plan: options.plan ?? (() => undefined) };
  const context = options.tls && createSecureContext({ key: options.tls.key, cert: options.tls.cert });
  const take = (message: Received) => {
    copies.set(message.messageId, (copies.get(message.messageId) ?? 0) + 1);
    received.push(options.keepRaw === false ? { ...message, raw: Buffer.alloc(0) } : message);
  };
  const accept = (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serve(socket, {
      options,
      context,
      number: connections,
      plan: (moment) => state.plan(moment),
      take,
      commands,
      mailTimes,
    });
  };
  const server =
    options.tls?.implicit === true
      ? createTlsServer({ key: options.tls.key, cert: options.tls.cert }, accept)
      : createTcpServer(accept);
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    copies,
    received,
    commands,
    mailTimes,
    get connections() {
      return connections;
    },
    get plan() {
      return state.plan;
    },
    set plan(plan) {
      state.plan = plan;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

interface Session {
  readonly options: FaultSmtpOptions;
  readonly context: SecureContext | undefined;
  readonly number: number;
  readonly plan: (moment: Moment) => Fault | undefined;
  readonly take: (message: Received) => void;
  readonly commands: string[];
  readonly mailTimes: number[];
}

function serve(first: Socket, session: Session): void {
  const { options, context, plan, take, commands, mailTimes } = session;
  let socket: Socket = first;
  let pending: Buffer = Buffer.alloc(0);
  let isInData = false;
  let isDead = false;
  let hasBodyBegun = false;
  let isSecure = options.tls?.implicit === true;
  let message = 0;
  let from = '';
  let to: string[] = [];
  let parameters = '';
  /** The answer to a line of AUTH that is being waited for. */
  let login: ((line: string) => Promise<void>) | undefined;
  /** Lines are answered one at a time, in their order. */
  let line = Promise.resolve();

  const write = async (text: string) => {
    if (options.latencyMs !== undefined) await sleep(options.latencyMs);
    if (!isDead && socket.writable) socket.write(text);
  };
  /** Answers, or misbehaves. False when the session is over. */
  const answer = (stage: Stage, text: string): Promise<boolean> =>
    perform(plan({ stage, connection: session.number, message, from, to: to.at(-1) ?? '' }), text);
  const perform = async (fault: Fault | undefined, text: string): Promise<boolean> => {
    if (fault === undefined) {
      await write(`${text}\r\n`);
      return true;
    }
    switch (fault.do) {
      case 'close':
        isDead = true;
        socket.end();
        return false;
      case 'reset':
        isDead = true;
        socket.resetAndDestroy();
        return false;
      case 'hang':
        isDead = true;
        return false;
      case 'delay':
        await sleep(fault.ms);
        await write(`${text}\r\n`);
        return true;
      case 'trickle':
        for (const character of `${text}\r\n`) {
          await sleep(fault.everyMs);
          await write(character);
        }
        return true;
      case 'reply':
        await write(`${fault.text}\r\n`);
        if (fault.text.startsWith('421')) {
          isDead = true;
          socket.end();
        }
        return false;
    }
  };

  const finish = async (raw: Buffer) => {
    const found = /^message-id:\s*(\S+)/im.exec(raw.subarray(0, 16_384).toString('latin1'));
    const fault = plan({ stage: 'dot', connection: session.number, message, from, to: to.at(-1) ?? '' });
    // it has the message; only an answer of 4xx or 5xx says that it has not
    const isTaken = !(fault?.do === 'reply' && /^[45]/.test(fault.text));
    const isAcknowledged = fault === undefined || fault.do === 'trickle' || fault.do === 'delay';
    if (isTaken) {
      take({ messageId: found?.[1] ?? '', from, to, parameters, raw, isAcknowledged, at: Date.now() });
    }
    [from, to, parameters] = ['', [], ''];
    // asked once: what it answers is what it has just decided
    await perform(fault, '250 2.0.0 Ok: queued');
  };

  const command = async (text: string): Promise<void> => {
    commands.push(text);
    if (login) {
      await login(text);
      return;
    }
    const verb = (/^\S*/.exec(text)?.[0] ?? '').toUpperCase();
    switch (verb) {
      case 'EHLO':
      case 'HELO':
        await answer('ehlo', verb === 'HELO' ? '250 fault.example' : ehlo(options, isSecure));
        return;
      case 'STARTTLS':
        if (!context || isSecure || options.extensions?.includes('STARTTLS') === false) {
          await write('502 5.5.1 Not here\r\n');
        } else if (await answer('starttls', '220 2.0.0 Go ahead')) upgrade(context);
        return;
      case 'AUTH':
        await authenticate(text);
        return;
      case 'MAIL':
        message++;
        mailTimes.push(Date.now());
        from = /<([^>]*)>/.exec(text)?.[1] ?? '';
        to = [];
        parameters = text.replace(/^[^>]*>/, '');
        if (!(await answer('mail', '250 2.1.0 Ok'))) from = '';
        return;
      case 'RCPT': {
        const recipient = /<([^>]*)>/.exec(text)?.[1] ?? '';
        to.push(recipient);
        parameters += text.replace(/^[^>]*>/, '');
        if (!(await answer('rcpt', '250 2.1.5 Ok'))) to.pop();
        return;
      }
      case 'DATA':
        if (to.length === 0) await write('554 5.5.1 No valid recipients\r\n');
        else if (await answer('data', '354 Go ahead')) [isInData, hasBodyBegun] = [true, false];
        return;
      case 'RSET':
        [from, to, parameters] = ['', [], ''];
        await write('250 2.0.0 Ok\r\n');
        return;
      case 'NOOP':
        await write('250 2.0.0 Ok\r\n');
        return;
      case 'QUIT':
        await write('221 2.0.0 Bye\r\n');
        isDead = true;
        socket.end();
        return;
      default:
        await write('500 5.5.2 What?\r\n');
    }
  };

  const authenticate = async (text: string) => {
    const expected = options.auth;
    const check = async (user: string, password: string) => {
      const isRight = expected?.user === user && expected.password === password;
      await answer('auth', isRight ? '235 2.7.0 Welcome' : '535 5.7.8 Wrong');
    };
    const plain = async (base64: string) => {
      login = undefined;
      const [, user = '', password = ''] = Buffer.from(base64, 'base64').toString().split('\0');
      await check(user, password);
    };
    const [, mechanism, initial] = text.split(' ');
    if (mechanism?.toUpperCase() === 'PLAIN') {
      if (initial !== undefined) await plain(initial);
      else {
        login = plain;
        await write('334 \r\n');
      }
    } else await write('504 5.5.4 Only PLAIN\r\n');
  };

  const upgrade = (secure: SecureContext) => {
    socket.removeListener('data', onData);
    pending = Buffer.alloc(0);
    const plain = socket;
    socket = new TLSSocket(plain, { isServer: true, secureContext: secure });
    socket.on('error', () => plain.destroy());
    socket.on('data', onData);
    isSecure = true;
  };

  const step = async (): Promise<void> => {
    while (!isDead) {
      if (isInData) {
        if (!hasBodyBegun && pending.length > 0) {
          hasBodyBegun = true;
          const fault = plan({
            stage: 'body',
            connection: session.number,
            message,
            from,
            to: to.at(-1) ?? '',
          });
          if (fault !== undefined) {
            isInData = false;
            await perform(fault, '');
            return;
          }
        }
        const isEmpty = pending.subarray(0, 3).equals(Buffer.from('.\r\n'));
        const end = isEmpty ? 0 : pending.indexOf('\r\n.\r\n');
        if (end < 0) return;
        const raw = isEmpty ? Buffer.alloc(0) : pending.subarray(0, end + 2);
        pending = pending.subarray(isEmpty ? 3 : end + 5);
        isInData = false;
        await finish(unstuff(raw));
      } else {
        const end = pending.indexOf('\r\n');
        if (end < 0) return;
        const text = pending.subarray(0, end).toString('utf8');
        pending = pending.subarray(end + 2);
        await command(text);
      }
    }
  };
  const onData = (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    line = line.then(step).catch(() => {
      isDead = true;
      socket.destroy();
    });
  };

  socket.on('error', () => {});
  socket.on('data', onData);
  void answer('greeting', '220 fault.example ESMTP');
}

function ehlo(options: FaultSmtpOptions, isSecure: boolean): string {
  const words = [
    'fault.example',
    ...(options.extensions ?? [
      'PIPELINING',
      'SIZE 10240000',
      'DSN',
      '8BITMIME',
      'SMTPUTF8',
      'ENHANCEDSTATUSCODES',
    ]),
    ...(options.extensions === undefined && options.tls && !isSecure ? ['STARTTLS'] : []),
    ...(options.extensions === undefined && options.auth ? ['AUTH PLAIN'] : []),
  ];
  return words.map((word, i) => `250${i === words.length - 1 ? ' ' : '-'}${word}`).join('\r\n');
}

function unstuff(raw: Buffer): Buffer {
  return Buffer.from(raw.toString('latin1').replace(/^\.\./gm, '.'), 'latin1');
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
