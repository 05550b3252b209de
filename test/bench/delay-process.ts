/**
 * A relay that is far away: passes connections on to a port, every byte later by half the round trip in each direction.
 * Arguments: the port to listen on, the port to pass on to, the round trip in milliseconds.
 */
import { connect, createServer, type Socket } from 'node:net';

const [listen, target, roundTrip = 0] = process.argv.slice(2).map(Number);

function passOn(from: Socket, to: Socket): void {
  from.on('data', (chunk) => setTimeout(() => to.write(chunk), roundTrip / 2));
  from.on('end', () => setTimeout(() => to.end(), roundTrip / 2));
  from.on('error', () => to.destroy());
  from.setNoDelay(true);
}

createServer({ allowHalfOpen: true }, (near) => {
  const far = connect({ port: target ?? 0, host: '127.0.0.1', allowHalfOpen: true });
  passOn(near, far);
  passOn(far, near);
}).listen(listen, '127.0.0.1');
