/**
 * The command line of a Redis that Rollcall runs: on a Unix socket alone, with every answer on disk before it is given.
 * @param more of redis.conf; it wins over what stands here
 */
export function redisArguments(dir: string, path: string, more: Readonly<Record<string, string>>): string[] {
  const settings: Record<string, string> = {
    port: '0',
    unixsocket: path,
    unixsocketperm: '600',
    dir,
    appendonly: 'yes',
    appendfsync: 'always',
    // A plan of forty thousand people writes some 70 MB, and rewriting them meanwhile would only slow it down.
    'auto-aof-rewrite-min-size': '256mb',
    'maxmemory-policy': 'noeviction',
    save: '',
    ...more,
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}
