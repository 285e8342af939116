/** Loaded into processes that are somebody's: they end with whoever started them, however that came to its end. */
process.once('disconnect', () => process.exit());
process.channel?.unref();
