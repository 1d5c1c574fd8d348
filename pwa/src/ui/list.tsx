import type { ComponentChildren } from 'preact';

export interface Item {
  term: ComponentChildren;
  value: ComponentChildren;
  key?: string | undefined;
}

/** DescriptionList is a form that is filled in: terms on the left, what is known on the right; one above the other where it is narrow. */
export function DescriptionList({ items }: { items: readonly (Item | undefined | false)[] }) {
  return (
    <dl class="ta-list">
      {items.map((item, at) =>
        item === undefined || item === false ? null : (
          <div class="ta-list__row" key={item.key ?? at}>
            <dt>{item.term}</dt>
            <dd>{item.value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
