import type { Durations } from '../../data';
import { t } from '../../texts';
import { duration } from '../../ui';
import { Chart } from './Chart';
import styles from './charts.module.css';
import { sayStep } from '../lists/sayStep';
import { ticks } from './scales';
import { useWidth } from './useWidth';

const ROW = 30;
const RIGHT = 64;

/** How long each step takes: half of all at most to the end of the bar, 95 in a hundred to the end of the line. */
export function StepTimesChart({ durations }: { durations: Durations }) {
  const [ref, width] = useWidth(420);
  const steps = Object.entries(durations.steps);
  const top = ticks(Math.max(0.001, ...steps.map(([, spread]) => spread.p95)), 4, false).at(-1) ?? 1;
  const left = Math.min(160, width * 0.38);
  const x = (seconds: number) => left + ((width - left - RIGHT) * seconds) / top;
  return (
    <Chart
      title={t('overview.stepTimes')}
      columns={[t('overview.step'), t('overview.p50'), t('overview.p95'), t('overview.count')]}
      rows={steps.map(([name, spread]) => [sayStep(name), sayTime(spread.p50), sayTime(spread.p95), spread.count])}
      legend={
        <>
          <span className={styles.key}>
            <svg className={styles.swatch} viewBox="0 0 12 12">
              <rect y="2" width="12" height="8" rx="2" className={styles.half} />
            </svg>
            {t('overview.p50.long')}
          </span>
          <span className={styles.key}>
            <svg className={styles.swatch} viewBox="0 0 12 12">
              <path d="M0 6h11M11 2v8" className={styles.nearly} />
            </svg>
            {t('overview.p95.long')}
          </span>
        </>
      }
      drawing={
        <div ref={ref} className={styles.drawing}>
          <svg width={width} height={steps.length * ROW + 4}>
            {steps.map(([name, { p50, p95 }], index) => {
              const middle = index * ROW + ROW / 2;
              return (
                <g key={name}>
                  <text x={0} y={middle} className={styles.rowLabel} dominantBaseline="central">
                    {sayStep(name)}
                  </text>
                  <line x1={left} x2={width - RIGHT} y1={middle} y2={middle} className={styles.track} />
                  <path d={`M${x(p50)} ${middle}H${x(p95)}M${x(p95)} ${middle - 5}v10`} className={styles.nearly} />
                  <rect x={left} y={middle - 5} width={Math.max(2, x(p50) - left)} height={10} rx={3} className={styles.half} />
                  <text x={width} y={middle} className={styles.value} textAnchor="end" dominantBaseline="central">
                    {sayTime(p95)}
                  </text>
                </g>
              );
            })}
          </svg>
        </div>
      }
    />
  );
}

/** Steps are quick: below a second in thousandths. */
export function sayTime(seconds: number): string {
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : duration(seconds * 1000);
}
