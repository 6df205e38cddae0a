import type { ThemeFinding } from '../../data';

export function sumUp(findings: readonly ThemeFinding[]): { errors: number; warnings: number } {
  const errors = findings.filter((one) => one.severity === 'error').length;
  return { errors, warnings: findings.length - errors };
}

/** By file, in the checker's order; files with errors first, as these keep the theme out. */
export function byFile(findings: readonly ThemeFinding[]): [string, ThemeFinding[]][] {
  const files = new Map<string, ThemeFinding[]>();
  for (const finding of findings) files.set(finding.file, [...(files.get(finding.file) ?? []), finding]);
  const blocks = (found: ThemeFinding[]) => (sumUp(found).errors > 0 ? 0 : 1);
  return [...files].sort(([, a], [, b]) => blocks(a) - blocks(b));
}

/** `12:4`, as editors go to it. */
export function placeOf({ line, column }: ThemeFinding): string {
  return column > 0 ? `${line}:${column}` : String(line);
}
