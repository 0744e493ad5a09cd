// Lines whose cells end in tabs, set in columns as Go's text/tabwriter sets them: a column is a run of neighbouring
// lines that have that cell; it is as wide as its widest cell and its padding, but never narrower than a minimum.

export interface ColumnRules {
  readonly narrowest: number;
  readonly padding: number;
}

/** What docker's lists use. */
export const LIST_COLUMNS: ColumnRules = { narrowest: 10, padding: 3 };

/** What `docker top` uses. */
export const TOP_COLUMNS: ColumnRules = { narrowest: 20, padding: 3 };

/** Sets the lines of `text`; a cell is what stands before a tab, and what follows the last tab is left as it is. */
export function setColumns(text: string, rules: ColumnRules): string {
  const lines = text.split('\n').map((line) => line.split('\t'));
  const widths = lines.map((cells) => new Array<number>(cells.length).fill(0));
  const columns = Math.max(...lines.map((cells) => cells.length - 1));
  for (let column = 0; column < columns; column++) {
    for (let first = 0; first < lines.length; first++) {
      if (lines[first]!.length - 1 <= column) continue;
      let last = first;
      let width = rules.narrowest;
      for (; last < lines.length && lines[last]!.length - 1 > column; last++) {
        width = Math.max(width, [...lines[last]![column]!].length + rules.padding);
      }
      for (let line = first; line < last; line++) widths[line]![column] = width;
      first = last;
    }
  }
  return lines.map((cells, line) => cells.map((cell, column) =>
    (column === cells.length - 1 ? cell : cell + ' '.repeat(widths[line]![column]! - [...cell].length))).join(''))
      .join('\n');
}
