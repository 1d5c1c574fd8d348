interface Policy {
  createScriptURL(url: string): unknown;
}

interface Factory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy;
}

let policy: Policy | undefined;

/** scriptURL makes the address of a worker of our own, in the form that Trusted Types ask for. Nothing but a path on this site passes. */
export function scriptURL(path: string): string {
  const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
  if (factory === undefined) return checked(path);
  policy ??= factory.createPolicy('tachiai', { createScriptURL: checked });
  return policy.createScriptURL(path) as string;
}

function checked(path: string): string {
  if (!/^\/[A-Za-z0-9]/.test(path) || new URL(path, location.origin).origin !== location.origin) {
    throw new TypeError('not a script of this site');
  }
  return path;
}
