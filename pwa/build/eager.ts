import type { Plugin, Rolldown } from 'vite';

/** Tells V8 that what a file defines is needed at once (explicit compile hints, Chromium 136); to all others it is a comment. */
const hint = '//# allFunctionsCalledOnLoad\n';

/**
 * eager has the scripts that a page begins with compiled whole while they are read, beside the page's own thread. Otherwise each of some hundred
 * functions is compiled on that thread when it is first called: modules that come out of a service worker are never cached as code.
 */
export function eager(): Plugin {
  return {
    name: 'tachiai-eager',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
        const first = new Set<Rolldown.OutputChunk>();
        const visit = (chunk: Rolldown.OutputChunk | undefined): void => {
          if (!chunk || first.has(chunk)) return;
          first.add(chunk);
          for (const name of chunk.imports) visit(chunks.find(({ fileName }) => fileName === name));
        };
        for (const chunk of chunks) if (chunk.isEntry) visit(chunk);
        for (const chunk of first) chunk.code = hint + chunk.code;
      },
    },
  };
}
