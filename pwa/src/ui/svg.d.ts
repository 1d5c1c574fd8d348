declare module '*.svg?icon' {
  const shapes: readonly (readonly [string, Readonly<Record<string, string>>])[];
  export default shapes;
}
