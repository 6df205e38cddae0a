import { useCallback, useState, type FormEvent } from 'react';
import { asDataError, FAULT_KINDS, useCanAct, useLoaded, useSource, type DataError, type Fault, type FaultKind, type Faults } from '../../data';
import { Refusal } from '../../provisioning/Refusal';
import { useSession } from '../../session/SessionProvider';
import { PageHeader } from '../../shell/PageHeader';
import { n, t } from '../../texts';
import { Badge, Button, Card, Choice, Empty, Notice, SelectField, Spinner, TextField, useToast, type IconName } from '../../ui';
import { Fine } from '../overview/Fine';
import styles from './TrialsPage.module.css';

const ICONS: Record<FaultKind, IconName> = { fail: 'alert', refuse: 'close', slow: 'clock', hang: 'dash' };
const TIMES = ['1', '3', '10', ''] as const;

/** Breaks a step of this machine's runtime on purpose. */
export function Component() {
  const { config } = useSession();
  return (
    <>
      <PageHeader title={t('trials.title')} text={t('trials.text')} />
      {config.faults ? (
        <Trials />
      ) : (
        <Card>
          <Empty icon="flask" title={t('trials.localOnly')}>
            {t('trials.localOnly.text')}
          </Empty>
        </Card>
      )}
    </>
  );
}

function Trials() {
  const { platform } = useSource();
  const canAct = useCanAct();
  const toast = useToast();
  const load = useCallback(() => platform.faults(), [platform]);
  const { value: loaded, error: failure, again } = useLoaded(load);
  const [written, setWritten] = useState<Faults | null>(null);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<DataError | null>(null);
  const state = written ?? loaded;

  // All are written at once, so what is changed is what is there now: times go down, and somebody else may have switched one too.
  const write = async (change: (now: readonly Fault[]) => Fault[], said: string) => {
    setBusy(true);
    setRefusal(null);
    try {
      const now = await platform.faults();
      setWritten(await platform.setFaults(change(now.faults)));
      toast(said);
    } catch (thrown) {
      setRefusal(asDataError(thrown));
    }
    setBusy(false);
  };
  const renew = () => {
    setWritten(null);
    again();
  };

  if (failure) return <Refusal error={failure} />;
  if (!state) return <Spinner size="large" label={t('ui.loading')} />;
  return (
    <div className={styles.page}>
      {canAct && (
        <Card title={t('trials.new')}>
          <FaultForm steps={state.steps} busy={busy} onSwitch={(fault) => void write((now) => [...without(now, fault.step), fault], t('trials.switchedOn', { step: titleOf(state, fault.step) }))} />
          {refusal && <Refusal error={refusal} />}
        </Card>
      )}
      <Card
        title={t('trials.now')}
        flush
        actions={
          <>
            <Button kind="quiet" size="small" icon="refresh" onClick={renew}>
              {t('audit.refresh')}
            </Button>
            {canAct && state.faults.length > 1 && (
              <Button size="small" busy={busy} onClick={() => void write(() => [], t('trials.allOff.done'))}>
                {t('trials.allOff')}
              </Button>
            )}
          </>
        }
      >
        {state.faults.length === 0 && <Fine>{t('trials.none')}</Fine>}
        <ul className={styles.faults}>
          {state.faults.map((fault) => (
            <li key={fault.step} className={styles.fault}>
              <span className={styles.what}>
                <strong>{titleOf(state, fault.step)}</strong>
                <span className={styles.how}>{fault.times === null ? t('trials.untilOff') : n('trials.times', fault.times)}</span>
              </span>
              <Badge tone={fault.kind === 'slow' ? 'warning' : 'danger'} icon={ICONS[fault.kind]}>
                {t(`trials.${fault.kind}`)}
              </Badge>
              {canAct && (
                <Button
                  size="small"
                  busy={busy}
                  aria-label={t('trials.offOne', { step: titleOf(state, fault.step) })}
                  onClick={() => void write((now) => without(now, fault.step), t('trials.switchedOff', { step: titleOf(state, fault.step) }))}
                >
                  {t('trials.off')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      </Card>
      <Notice tone="neutral" icon="info" title={t('trials.how')}>
        {t('trials.how.text')}
      </Notice>
    </div>
  );
}

function without(faults: readonly Fault[], step: string): Fault[] {
  return faults.filter((one) => one.step !== step);
}

function titleOf({ steps }: Faults, name: string): string {
  return steps.find((step) => step.name === name)?.title ?? name;
}

/** Chooses the step, what goes wrong with it, and how often. */
function FaultForm({ steps, busy, onSwitch }: { steps: Faults['steps']; busy: boolean; onSwitch(fault: Fault): void }) {
  const [step, setStep] = useState(steps[0]?.name ?? '');
  const [kind, setKind] = useState<FaultKind>('fail');
  const [times, setTimes] = useState<(typeof TIMES)[number]>('1');
  const [seconds, setSeconds] = useState('3');

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    onSwitch({ step, kind, times: times === '' ? null : Number(times), seconds: kind === 'slow' ? Number(seconds) : null });
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <SelectField label={t('trials.step')} value={step} onChange={setStep} options={steps.map(({ name, title }, index) => ({ value: name, label: `${index + 1}. ${title}` }))} />
      <fieldset className={styles.kinds}>
        <legend>{t('trials.kind')}</legend>
        {FAULT_KINDS.map((value) => (
          <Choice key={value} name="kind" value={value} checked={kind === value} onChange={() => setKind(value)} className={styles.kind}>
            <strong>{t(`trials.${value}`)}</strong>
            <span className={styles.how}>{t(`trials.${value}.text`)}</span>
          </Choice>
        ))}
      </fieldset>
      <div className={styles.row}>
        <SelectField
          label={t('trials.often')}
          value={times}
          onChange={(chosen) => setTimes(TIMES.find((one) => one === chosen) ?? '1')}
          options={TIMES.map((value) => ({ value, label: value === '' ? t('trials.untilOff') : n('trials.times', Number(value)) }))}
        />
        {kind === 'slow' && <TextField label={t('trials.seconds')} type="number" min={0.5} max={60} step={0.5} required value={seconds} onChange={setSeconds} />}
        <Button kind="primary" type="submit" icon="flask" busy={busy} disabled={!step}>
          {t('trials.switchOn')}
        </Button>
      </div>
    </form>
  );
}
