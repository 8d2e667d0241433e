import { describeTarget, meets, type Measurement, type Row } from './row.ts';

export interface Printer {
  measured(row: Row, measurement: Measurement): void;
  failed(row: Row, reason: string): void;
}

const write = (line: string): void => void process.stdout.write(`${line}\n`);

/** One object a line, for programs. */
export function jsonPrinter(): Printer {
  const print = ({ name, unit, target }: Row, rest: Record<string, unknown>, value: number | null): void =>
    write(JSON.stringify({ row: name, value, unit, target: describeTarget(target), ...rest }));
  return {
    measured: (row, { value, note }) => print(row, { note }, round(value)),
    failed: (row, reason) => print(row, { error: reason }, null),
  };
}

/** A line a row with what it comes from below it, for people. */
export function tablePrinter(names: readonly string[]): Printer {
  const width = Math.max(...names.map((name) => name.length), 0);
  const columns = (mark: string, name: string, value: string, target: string): void =>
    write(`${mark}  ${name.padEnd(width)}  ${value.padStart(14)}   ${target}`.trimEnd());
  return {
    measured: (row, { value, note }) => {
      const good = meets(row.target, value);
      columns(good ? '✓' : '✗', row.name, `${String(round(value))} ${row.unit}`, `target ${describeTarget(row.target)}${good ? '' : '  MISSED'}`);
      write(`   ${note}`);
    },
    failed: (row, reason) => {
      columns('!', row.name, 'not measured', '');
      write(reason.replaceAll(/^/gm, '   '));
    },
  };
}

/** Three significant digits below 100, whole numbers from there on. */
function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value * 10) / 10 : Number(value.toPrecision(3));
}
