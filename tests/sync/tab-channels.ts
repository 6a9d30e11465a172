/** BroadcastChannels between the tabs of one simulated device. */
import type { World } from './world.ts';

export interface TabChannels {
  open(name: string, alive: () => boolean): BroadcastChannel;
}

interface Member {
  readonly name: string;
  readonly alive: () => boolean;
  readonly listeners: ((event: MessageEvent) => void)[];
}

export function createTabChannels(world: World): TabChannels {
  let members: Member[] = [];
  return {
    open(name, alive) {
      const own: Member = { name, alive, listeners: [] };
      members.push(own);
      const channel = {
        postMessage(message: unknown) {
          if (!alive()) return;
          const data: unknown = structuredClone(message);
          for (const other of members) {
            if (other === own || other.name !== name) continue;
            world.after(world.random.whole(0, 5), () => {
              if (other.alive()) for (const listener of other.listeners) listener({ data } as MessageEvent);
            });
          }
        },
        addEventListener: (_type: string, listener: (event: MessageEvent) => void) => void own.listeners.push(listener),
        close: () => {
          members = members.filter((member) => member !== own);
        },
      };
      return channel as unknown as BroadcastChannel;
    },
  };
}
