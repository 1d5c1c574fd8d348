/** The words of hiding parts of a photo. Japanese is what the other is translated from. */
export const ja = {
  title: '写真の一部を隠す',
  how: '隠すところを、指で囲みます。',
  how_else: '向かい合う角を1回ずつ押しても囲めます。2本の指で拡大できます。',
  kept_both: '元の写真はそのまま残り、派遣先には隠した写真だけが提供されます。',
  undo: '一つ戻す',
  keep: '隠して保存',
  keep_n: '{n}か所を隠して保存',
  count: '{n}か所を囲みました',
  corner: '反対側の角を押してください',
  saved: '写真の一部を隠して保存しました。',
  hide: '一部を隠す',
  hide_which: '{role}の一部を隠す',
  hidden: '一部を隠した写真',
  as_taken: '撮影した写真を見る',
  unmade: '隠した写真を作れませんでした',
  unmade_next: '元の写真は保存されています。ほかのアプリを閉じて、もう一度ためしてください。',
} as const;
