// Waiting that takes no longer than it may.

/** Settles as `promise` does, or resolves when its time is up; what was waited for goes on. Leaves no timer. */
export async function within(ms: number, promise: Promise<unknown> | undefined): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, ms).unref();
  try {
    await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
