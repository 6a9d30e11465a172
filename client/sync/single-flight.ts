/**
 * A job that must never run twice at a time, and must run once more when it was asked for while it ran: draining a queue that
 * others fill.
 */
export function singleFlight(job: () => Promise<void>, failed: (error: unknown) => void): () => void {
  let running = false;
  let again = false;

  async function run(): Promise<void> {
    running = true;
    do {
      again = false;
      try {
        await job();
      } catch (error) {
        failed(error);
        break;
      }
      // Set by the caller while the job awaited; TypeScript cannot see that.
    } while (again as boolean);
    running = false;
  }

  return () => {
    again = true;
    if (!running) void run();
  };
}
