/** An iPhone or iPad; a tablet that calls itself a Mac has a touch screen. */
export function isApple(nav: Pick<Navigator, 'userAgent' | 'maxTouchPoints'> = navigator): boolean {
  return /iPhone|iPad|iPod/.test(nav.userAgent) || (/Macintosh/.test(nav.userAgent) && nav.maxTouchPoints > 1);
}

/** The app was opened from the home screen. */
export function isInstalled(): boolean {
  return (
    matchMedia('(display-mode: standalone), (display-mode: fullscreen), (display-mode: minimal-ui)').matches ||
    (navigator as { standalone?: boolean }).standalone === true
  );
}

/**
 * In a tab of an iPhone nothing is entered: the installed app has a store of its
 * own, and what a tab has kept is cleared after seven days.
 */
export function inBrowserTab(): boolean {
  return isApple() && !isInstalled();
}

/** A name for this phone that the office recognises in its list; the rep may change it. */
export function deviceLabel(agent: string): string {
  const model = /Android [\d.]+; ([^;)]+?)(?: Build|\)|;)/.exec(agent)?.[1]?.trim();
  if (model && model !== 'K') return model.slice(0, 60);
  if (/iPhone/.test(agent)) return 'iPhone';
  if (/iPad|Macintosh.*Mobile/.test(agent)) return 'iPad';
  if (/Android/.test(agent)) return 'Android';
  return /Windows/.test(agent) ? 'Windows' : /Mac OS/.test(agent) ? 'Mac' : 'PC';
}
