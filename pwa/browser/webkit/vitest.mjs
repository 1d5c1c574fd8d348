// What the tests of a store take from vitest, for a page: its own runner and its own expectations, without the process around them.
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect';
import { startTests } from '@vitest/runner';

export { afterEach, beforeEach, describe, it, test } from '@vitest/runner';

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);

export const expect = (value, message) => chai.expect(value, message);
Object.assign(expect, globalThis[ASYMMETRIC_MATCHERS_OBJECT], chai.expect);
globalThis[GLOBAL_EXPECT] = expect;
setState({ assertionCalls: 0 }, expect);

const told = (fault) => `${fault.message}\n${fault.stack ?? ''}`;

/** Runs the tests that files hold, and gives each one's name and what is wrong with it. */
export async function run(files) {
  const results = [];
  const record = (tasks, above) => {
    for (const task of tasks) {
      const name = `${above} ${task.name}`.trim();
      if (task.tasks) record(task.tasks, name);
      else results.push({ name, state: task.result?.state ?? task.mode, faults: task.result?.errors?.map(told) ?? [] });
    }
  };
  const runner = {
    config: {
      root: '/',
      setupFiles: [],
      passWithNoTests: false,
      sequence: { hooks: 'stack', setupFiles: 'list', seed: 0 },
      chaiConfig: undefined,
      maxConcurrency: 1,
      testTimeout: 60_000,
      hookTimeout: 60_000,
      retry: 0,
      includeTaskLocation: false,
      diffOptions: undefined,
      tags: [],
    },
    importFile: (name) => files[name](),
  };
  const done = await startTests(
    Object.keys(files).map((filepath) => ({ filepath, testLocations: undefined })),
    runner,
  );
  record(done, '');
  for (const file of done)
    for (const fault of file.result?.errors ?? [])
      results.push({ name: file.name, state: 'fail', faults: [told(fault)] });
  return results;
}
