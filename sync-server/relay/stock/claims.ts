import type { UserId } from '#schema/ids.ts';

/**
 * Which clientIDs belong to whom while they are connected, before anything was written with them (P4 grants on first use, and awareness
 * tells everybody on the segment the clientID of who came). Without it, somebody who saw a clientID there could be the first to use it.
 */
export interface Claims {
  /** Claims a clientID for as long as the socket lasts; other sockets of the same user may too. False: it is somebody else's. */
  claim(client: number, user: UserId, socket: object): boolean;
  heldByOther(client: number, user: UserId): boolean;
  /** The socket is gone. */
  release(socket: object): void;
}

export function createClaims(): Claims {
  const holders = new Map<number, { readonly user: UserId; readonly sockets: Set<object> }>();
  const bySocket = new Map<object, Set<number>>();
  return {
    claim(client, user, socket) {
      let holder = holders.get(client);
      if (holder && holder.user !== user) return false;
      if (!holder) holders.set(client, (holder = { user, sockets: new Set() }));
      holder.sockets.add(socket);
      const own = bySocket.get(socket);
      if (own) own.add(client);
      else bySocket.set(socket, new Set([client]));
      return true;
    },
    heldByOther(client, user) {
      const holder = holders.get(client);
      return holder !== undefined && holder.user !== user;
    },
    release(socket) {
      for (const client of bySocket.get(socket) ?? []) {
        const holder = holders.get(client);
        holder?.sockets.delete(socket);
        if (holder?.sockets.size === 0) holders.delete(client);
      }
      bySocket.delete(socket);
    },
  };
}
