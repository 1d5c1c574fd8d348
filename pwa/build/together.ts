import path from 'node:path';
import type { Rolldown } from 'vite';

interface Graph {
  getModuleInfo(id: string): Rolldown.ModuleInfo | null;
}

/**
 * together names the file that a module goes into. What a page loads before it shows anything comes in a few files and not in forty: each costs a
 * phone some milliseconds. Modules are together when the same pages begin with them and the same pages may come to need them, so no page loads what
 * is of use to another alone. All other modules stay where the bundler puts them.
 */
export function together(root: string, realms: readonly string[]) {
  let pages: { realm: string; first: Set<string>; ever: Set<string> }[] | undefined;
  return (id: string, graph: Graph): string | null => {
    pages ??= realms.map((realm) => {
      const page = path.join(root, `${realm}.html`);
      return { realm, first: reach(page, graph, false), ever: reach(page, graph, true) };
    });
    const first = pages.filter((page) => page.first.has(id));
    if (first.length === 0) return null;
    const later = pages.filter((page) => !page.first.has(id) && page.ever.has(id));
    return [...first, ...later.map(({ realm }) => ({ realm: `${realm}-later` }))].map(({ realm }) => realm).join('-');
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
