import { typeError } from '../errors.js';
import { equal } from './compare.js';
import { Callable, type LoopState, Tuple, Undefined } from './objects.js';
import type { Value } from './types.js';

/** What `loop.name` is. */
export function loopAttribute(loop: LoopState, name: string): Value | undefined {
  const { index0, items } = loop;
  switch (name) {
    case 'index':
      return index0 + 1;
    case 'index0':
      return index0;
    case 'revindex':
      return items.length - index0;
    case 'revindex0':
      return items.length - index0 - 1;
    case 'first':
      return index0 === 0;
    case 'last':
      return index0 === items.length - 1;
    case 'length':
      return items.length;
    case 'depth':
      return 1; // Jinja2 counts recursion, not nesting, and loops are not recursive here
    case 'depth0':
      return 0;
    case 'previtem':
      return index0 > 0 ? items[index0 - 1] : new Undefined('loop.previtem of the first item', false);
    case 'nextitem':
      return index0 + 1 < items.length
        ? items[index0 + 1]
        : new Undefined('loop.nextitem of the last item', false);
    case 'cycle':
      return new Callable('loop.cycle', (args) => {
        if (args.length === 0) throw typeError('loop.cycle needs something to cycle through');
        return args[index0 % args.length] ?? null;
      });
    case 'changed':
      return new Callable('loop.changed', (args) => {
        const now = new Tuple(args);
        const changed = loop.changed === undefined || !equal(loop.changed, now);
        loop.changed = now;
        return changed;
      });
    default:
      return undefined;
  }
}
