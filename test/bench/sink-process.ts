/**
 * The sink where there is no smtp-sink: takes everything, looks at nothing, and prints a count. Argument: the port.
 */
import { createServer } from 'node:net';

const port = Number(process.argv[2]);
let messages = 0;

createServer((socket) => {
  let inBody = false;
  let rest = '';
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.write('220 sink ESMTP\r\n');
  socket.on('data', (chunk) => {
    rest += chunk.toString('latin1');
    let replies = '';
    for (;;) {
      if (inBody) {
        const end = rest.indexOf('\r\n.\r\n');
        if (end < 0) {
          rest = rest.slice(-4);
          break;
        }
        rest = rest.slice(end + 5);
        inBody = false;
        messages += 1;
        process.stdout.write(`mesg=${messages}\r`);
        replies += '250 2.0.0 Ok\r\n';
      }
      const end = rest.indexOf('\r\n');
      if (end < 0) break;
      const verb = rest.slice(0, 4).toUpperCase();
      rest = rest.slice(end + 2);
      if (verb === 'EHLO')
        replies += '250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-DSN\r\n250 ENHANCEDSTATUSCODES\r\n';
      else if (verb === 'DATA') {
        inBody = true;
        replies += '354 Go on\r\n';
      } else if (verb === 'QUIT') {
        socket.end(`${replies}221 Bye\r\n`);
        return;
      } else replies += '250 2.0.0 Ok\r\n';
    }
    if (replies !== '') socket.write(replies);
  });
}).listen(port, '127.0.0.1');
