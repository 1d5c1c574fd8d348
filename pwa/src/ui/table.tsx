import type { ComponentChildren } from 'preact';

export interface Column<R> {
  key: string;
  head: string;
  cell(row: R): ComponentChildren;
  /** Numbers and times stand at the end of their cell. */
  align?: 'end' | undefined;
}

export interface TableProps<R> {
  /** Says what the table is; read out, and shown above it when captioned. */
  caption: string;
  captioned?: boolean | undefined;
  columns: readonly Column<R>[];
  rows: readonly R[];
  rowKey(row: R): string;
  /** Marks one row, as the keyboard's place in a list. */
  current?: string | undefined;
  /** Stands in place of an empty table and teaches the next step. */
  empty?: ComponentChildren;
}

/** Table is a list with columns. Where it is narrow, each row becomes a card with the heads before its cells. */
export function Table<R>({ caption, captioned, columns, rows, rowKey, current, empty }: TableProps<R>) {
  if (rows.length === 0 && empty !== undefined) return <div class="ta-empty">{empty}</div>;
  return (
    <table class="ta-table">
      <caption class={captioned === true ? undefined : 'ta-hidden'}>{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.key} scope="col" class={column.align === 'end' ? 'ta-table__end' : undefined}>
              {column.head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const key = rowKey(row);
          return (
            <tr key={key} aria-current={key === current ? true : undefined}>
              {columns.map((column) => (
                <td
                  key={column.key}
                  data-head={column.head}
                  class={column.align === 'end' ? 'ta-table__end' : undefined}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
