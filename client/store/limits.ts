/** The sizes in which a device keeps its past. */

/** Messages in a full block: a few ms to read, and large enough to deflate well. */
export const BLOCK_ROOTS = 512;

/** Updates beyond the merged past that make merging worth it: what a cold open decodes at the most, besides a block or two. */
export const COMPACT_UPDATES = 256;
