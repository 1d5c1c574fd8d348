import { readFileSync } from 'node:fs';

/**
 * Reads groups of golden vectors out of sync/testdata/vectors, the same files
 * that `go test` writes and reads. A file or a group that is missing or empty
 * fails the test that asked for it.
 */
export function vectors<T>(file: string, ...groups: (keyof T & string)[]): T {
  const url = new URL(`../../../sync/testdata/vectors/${file}.json`, import.meta.url);
  const all = JSON.parse(readFileSync(url, 'utf8'));
  for (const name of groups) {
    const group = all[name];
    if (group === undefined || group === null || Object.keys(group).length === 0) {
      throw new Error(`${file}.json: ${name} is missing or empty`);
    }
  }
  return all;
}
