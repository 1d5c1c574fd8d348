/** Watches the page's own thread from now on; end gives its longest task in ms, and the process that it is in. */
export async function watched(page) {
  const devtools = await page.context().newCDPSession(page);
  const events = [];
  devtools.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await devtools.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['disabled-by-default-devtools.timeline'] },
  });
  return {
    async end() {
      const complete = new Promise((done) => devtools.once('Tracing.tracingComplete', done));
      await devtools.send('Tracing.end');
      await complete;
      await devtools.detach();
      return longestOf(events, page.url());
    },
  };
}

/** Finds the thread that the page of an address lives in, and its longest task. A task that the trace has cut off has no length. */
function longestOf(events, address) {
  const frames = events.flatMap(({ name, args }) => (name === 'TracingStartedInBrowser' ? args.data.frames : []));
  const process = frames.find(({ url }) => url === address)?.processId;
  const main = events.find(
    ({ name, pid, args }) => name === 'thread_name' && pid === process && args.name === 'CrRendererMain',
  );
  const tasks = events.filter(
    ({ name, pid, tid, dur }) => name === 'RunTask' && pid === process && tid === main?.tid && dur > 0,
  );
  if (tasks.length === 0) throw new Error(`the trace has no tasks of ${address}`);
  return { process, longest: Math.max(...tasks.map(({ dur }) => dur)) / 1000 };
}
