// Loaded before each measured server: asked for "memory", it collects its garbage and tells the bytes in use, of heap and of buffers.
process.on('message', (asked) => {
  if (asked !== 'memory') return;
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.({ memory: heapUsed + external });
});
// The server ends when it likes, whoever listens.
process.channel?.unref();
