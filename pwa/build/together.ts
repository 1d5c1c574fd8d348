import path from 'node:path';
import type { Rolldown } from 'vite';

interface Graph {
  getModuleInfo(id: string): Rolldown.ModuleInfo | null;
}

/**
 * together names the file that a module goes into. What a page loads before it shows anything comes in a few files and not in forty: each costs a
 * phone some milliseconds. Modules are together when the same pages ever come to need them, so no page loads what is of use to another alone. The
 * last realm is the lightest: what it does not begin with it does not load with what it begins with. Modules that no page begins with stay where
 * the bundler puts them.
 */
export function together(root: string, realms: readonly string[]) {
  let pages: { realm: string; first: Set<string>; ever: Set<string> }[] | undefined;
  return (id: string, graph: Graph): string | null => {
    pages ??= realms.map((realm) => {
      const page = path.join(root, `${realm}.html`);
      return { realm, first: reach(page, graph, false), ever: reach(page, graph, true) };
    });
    const lightest = pages.at(-1);
    if (!pages.some((page) => page.first.has(id))) return null;
    const name = pages.filter((page) => page.ever.has(id)).map(({ realm }) => realm);
    if (lightest?.ever.has(id) && !lightest.first.has(id)) name.push('later');
    return name.join('-');
  };
}

/** All that a module imports, and what that imports; later too, when asked. */
function reach(from: string, graph: Graph, isLater: boolean): Set<string> {
  const found = new Set<string>();
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    const module = graph.getModuleInfo(id);
    open.push(...(module?.importedIds ?? []), ...((isLater && module?.dynamicallyImportedIds) || []));
  }
  return found;
}
