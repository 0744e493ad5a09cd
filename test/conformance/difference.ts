// Two lists of lines side by side: `- ` expected only, `+ ` actual only.

export function difference(expected: readonly string[], actual: readonly string[]): string[] {
  const common = longestCommon(expected, actual);
  const lines: string[] = [];
  let left = 0;
  let right = 0;
  while (left < expected.length || right < actual.length) {
    const a = expected[left];
    const b = actual[right];
    if (a !== undefined && a === b) {
      lines.push(`  ${a}`);
      left++;
      right++;
    } else if (a !== undefined && (b === undefined || common[left + 1]![right]! >= common[left]![right + 1]!)) {
      lines.push(`- ${a}`);
      left++;
    } else {
      lines.push(`+ ${b}`);
      right++;
    }
  }
  return lines;
}

/** How many lines the rest of both from each place on have in common. */
function longestCommon(a: readonly string[], b: readonly string[]): number[][] {
  const best = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      best[i]![j] = a[i] === b[j] ? best[i + 1]![j + 1]! + 1 : Math.max(best[i + 1]![j]!, best[i]![j + 1]!);
    }
  }
  return best;
}
