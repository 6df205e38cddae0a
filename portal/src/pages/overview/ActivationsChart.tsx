import { useState } from 'react';
import type { DayOfActivations } from '../../data';
import { language, n, t } from '../../texts';
import { Chart } from './Chart';
import styles from './charts.module.css';
import { every, ticks } from './scales';
import { useWidth } from './useWidth';

/** From the ground up. */
const OUTCOMES = ['completed', 'rolled_back', 'failed', 'unfinished'] as const;
type Outcome = (typeof OUTCOMES)[number];
const HEIGHT = 200;
const LEFT = 34;
const BOTTOM = 24;
const TOP = 10;
/** The room of a day's name. */
const LABEL = 44;

/** Activations by the day on which they were asked for, and what became of them. */
export function ActivationsChart({ days }: { days: readonly DayOfActivations[] }) {
  const [ref, width] = useWidth(640);
  const [shown, setShown] = useState<string | null>(null);
  const most = Math.max(0, ...days.map(total));
  const scale = ticks(most);
  const top = scale.at(-1) ?? 1;
  const y = (value: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
  const slot = (width - LEFT) / Math.max(days.length, 1);
  const bar = Math.min(34, slot * 0.68);
  const labelled = every(days.length, width - LEFT, LABEL + 8);
  const day = days.find((one) => one.day === shown);

  return (
    <Chart
      title={t('overview.perDay')}
      columns={[t('overview.day'), ...OUTCOMES.map((outcome) => t(`outcome.${outcome}`))]}
      rows={days.map((one) => [sayDay(one.day), ...OUTCOMES.map((outcome) => one[outcome])])}
      legend={
        <>
          {OUTCOMES.map((outcome) => (
            <span key={outcome} className={styles.key}>
              <svg className={styles.swatch} viewBox="0 0 12 12">
                <Patterns />
                <rect width="12" height="12" rx="3" className={styles[outcome]} />
              </svg>
              {t(`outcome.${outcome}`)}
            </span>
          ))}
          <span className={styles.readout}>{day ? say(day) : t('overview.total', { n: days.reduce((sum, one) => sum + total(one), 0) })}</span>
        </>
      }
      drawing={
        <div ref={ref} className={styles.drawing}>
          <svg width={width} height={HEIGHT} onPointerLeave={() => setShown(null)}>
            <Patterns />
            {scale.map((value) => (
              <g key={value}>
                <line x1={LEFT} x2={width} y1={y(value)} y2={y(value)} className={value === 0 ? styles.ground : styles.grid} />
                <text x={LEFT - 8} y={y(value)} className={styles.tick} textAnchor="end" dominantBaseline="middle">
                  {value}
                </text>
              </g>
            ))}
            {days.map((one, index) => {
              const x = LEFT + index * slot;
              let below = 0;
              return (
                <g key={one.day} onPointerEnter={() => setShown(one.day)} className={shown && shown !== one.day ? styles.faded : undefined}>
                  <rect x={x} y={0} width={slot} height={HEIGHT - BOTTOM} fill="transparent" />
                  {OUTCOMES.map((outcome) => {
                    const value = one[outcome];
                    if (value === 0) return null;
                    below += value;
                    const height = y(below - value) - y(below);
                    return <rect key={outcome} x={x + (slot - bar) / 2} y={y(below)} width={bar} height={Math.max(height - 1, 1)} rx={Math.min(3, height / 2)} className={styles[outcome]} />;
                  })}
                  {(days.length - 1 - index) % labelled === 0 && (
                    <text x={index === days.length - 1 ? Math.min(x + slot / 2, width - LABEL / 2) : x + slot / 2} y={HEIGHT - 6} className={styles.tick} textAnchor="middle">
                      {sayDay(one.day)}
                    </text>
                  )}
                </g>
              );
            })}
          </svg>
        </div>
      }
    />
  );
}

function total(day: DayOfActivations): number {
  return OUTCOMES.reduce((sum, outcome) => sum + day[outcome], 0);
}

function say(day: DayOfActivations): string {
  const parts = OUTCOMES.filter((outcome) => day[outcome] > 0).map((outcome) => n(`outcome.${outcome}.n`, day[outcome]));
  return `${sayDay(day.day)}: ${parts.length > 0 ? parts.join(', ') : t('overview.nothing')}`;
}

/** `21 Nov`: the day as UTC has it, wherever one looks from. */
function sayDay(day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(language(), { day: 'numeric', month: 'short', timeZone: 'UTC' });
}

export type { Outcome };

/** What tells outcomes apart where colours do not. */
function Patterns() {
  return (
    <defs>
      <pattern id="chart-failed" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="6" height="6" className={styles.failedGround} />
        <rect width="2" height="6" className={styles.failedLine} />
      </pattern>
      <pattern id="chart-rolled-back" width="5" height="5" patternUnits="userSpaceOnUse">
        <rect width="5" height="5" className={styles.rolledGround} />
        <circle cx="2.5" cy="2.5" r="1.1" className={styles.rolledDot} />
      </pattern>
    </defs>
  );
}
