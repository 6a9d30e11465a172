// Loaded before the server by `npm start`. The channel to the launcher closes when that is killed, even with -9: then
// the server ends in order, rather than keeping the port with nobody knowing.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// Listening to the channel alone keeps nobody alive.
process.channel?.unref();
