/** One SVG path out of the dark squares of a QR code, a run of them at a time. */
export function qrPath(rows: readonly (readonly boolean[])[]): { size: number; path: string } {
  const parts: string[] = [];
  for (const [y, row] of rows.entries()) {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x++;
      parts.push(`M${from} ${y}h${x + 1 - from}v1h-${x + 1 - from}z`);
    }
  }
  return { size: rows.length, path: parts.join('') };
}
