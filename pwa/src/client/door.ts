/** How one came here: by a link of a disclosure, with the secret of one's own copy, or by something that was cut off. */
export type Door = { kind: 'client'; link: string } | { kind: 'copy'; secret: string } | { kind: 'cut' };

/** doorOf reads an address. The secret of a copy stands behind the #, which no browser sends to a server. */
export function doorOf(pathname: string, hash: string): Door {
  if (pathname === '/k' || pathname === '/k/') {
    const secret = hash.replace(/^#/, '');
    return /^[A-Za-z0-9_-]{43}$/.test(secret) ? { kind: 'copy', secret } : { kind: 'cut' };
  }
  const link = pathname.replace(/^\/d\//, '');
  return /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){2}$/.test(link) ? { kind: 'client', link } : { kind: 'cut' };
}
