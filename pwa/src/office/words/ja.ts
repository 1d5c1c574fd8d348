export const ja = {
  title: '立会',
  soon: 'この画面は準備中です。',
} as const;
