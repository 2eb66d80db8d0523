/** The Table form of an API answer (`meta.k8s.io/v1`), and its text as kubectl prints it. */
export interface Table {
  columnDefinitions: { name: string; priority?: number }[];
  rows: { cells: unknown[] }[];
}

const GAP = 3;

/** Columns padded to their widest cell; columns of priority > 0 are left out, as `kubectl get` does without `-o wide`. */
export const tableText = (table: Table): string => {
  const shown = table.columnDefinitions.flatMap(({ name, priority = 0 }, index) =>
    priority === 0 ? [{ name: name.toUpperCase(), index }] : [],
  );
  const lines = [
    shown.map(({ name }) => name),
    ...table.rows.map(({ cells }) => shown.map(({ index }) => String(cells[index] ?? '<none>'))),
  ];
  const widths = shown.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd((widths[column] ?? 0) + GAP))
        .join('')
        .trimEnd(),
    )
    .join('\n');
};
