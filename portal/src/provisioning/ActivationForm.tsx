import { useCallback, useState } from 'react';
import {
  asDataError,
  DataError,
  useLoaded,
  useSource,
  type Activated,
  type ActivationRequest,
  type Category,
  type Plan,
  type RequestSchema,
  type SavedChoices,
  type Theme,
} from '../data';
import { t } from '../texts';
import { Badge, Button, Dialog, Icon, Notice, Progress, Spinner } from '../ui';
import { beginWith, PARTS, partWith, wrongIn, type Part } from './answers';
import { ContentPart, PlanPart, StorePart, SummaryPart, ThemePart } from './ActivationParts';
import styles from './ActivationForm.module.css';
import { check, type Errors } from './rules';
import { useAvailability } from './useAvailability';
import { useProvisioning } from './useProvisioning';
import { lookOfStatus } from './words';

interface Offers {
  themes: Theme[];
  plans: Plan[];
  schema: RequestSchema | null;
}

function useOffers() {
  const source = useSource();
  const load = useCallback(async (): Promise<Offers> => {
    const [themes, plans, schema] = await Promise.all([
      source.themes(),
      source.plans(),
      // Without the rules the server says what is wrong, only later.
      source.requestSchema().catch(() => null),
    ]);
    return { themes, plans, schema };
  }, [source]);
  return useLoaded(load);
}

type Sending = { state: 'asking' } | { state: 'sending' } | { state: 'refused'; error: DataError } | { state: 'sent'; activated: Activated };

export interface ActivationFormProps {
  onOpenChange(open: boolean): void;
  /** The id that the store will have. */
  storeId: string;
  storeName: string;
  /** Called as soon as the request is kept safe; the work may just have begun. */
  onSuccess?(activated: Activated): void;
  /** Whose store it is; the store's id where it is left out. */
  merchantId?: string;
  /** What is known already, so that nobody has to type it again. */
  ownerEmail?: string;
  category?: Category | null;
  choices?: SavedChoices;
  /** The answers of an earlier request. */
  initial?: Partial<ActivationRequest>;
}

/** The form as long as it is open. */
export default function ActivationForm({ onOpenChange, storeId, storeName, merchantId = storeId, onSuccess, ...known }: ActivationFormProps) {
  const source = useSource();
  const offers = useOffers();
  // Minted once: however often the button is pressed, it is one request.
  const [requestId] = useState(() => crypto.randomUUID());
  const [request, setRequest] = useState(() => beginWith({ storeId, storeName, ...known }));
  const [changed, setChanged] = useState(false);
  const [part, setPart] = useState<Part>('theme');
  const [shown, setShown] = useState<ReadonlySet<Part>>(new Set());
  const [refused, setRefused] = useState<Errors>({});
  const [sending, setSending] = useState<Sending>({ state: 'asking' });

  const answers = withDefaults(request, offers.value);
  const broken = check(offers.value?.schema ?? null, answers);
  const availability = useAvailability(answers.subdomain, !broken.subdomain && answers.subdomain !== '');
  const taken = availability.state === 'known' && !availability.answer.available ? availability.answer.reason?.message : undefined;
  const errors: Errors = { ...refused, ...broken, ...(taken && !broken.subdomain ? { subdomain: taken } : {}) };
  const busy = sending.state === 'sending';

  const change = (values: Partial<ActivationRequest>) => {
    setRequest((before) => ({ ...before, ...values }));
    // What the server said of a value is not true of another.
    setRefused((before) => Object.fromEntries(Object.entries(before).filter(([field]) => !(field in values))));
    setChanged(true);
    if (sending.state === 'refused') setSending({ state: 'asking' });
  };
  const go = (to: Part) => {
    setShown((before) => new Set([...before, part]));
    setPart(to);
  };
  const send = async () => {
    if (busy) return;
    const wrong = partWith(errors);
    if (wrong) {
      setShown(new Set(PARTS));
      setPart(wrong);
      return;
    }
    setSending({ state: 'sending' });
    try {
      const activated = await source.activate(merchantId, answers, requestId);
      setSending({ state: 'sent', activated });
      onSuccess?.(activated);
    } catch (thrown) {
      const error = asDataError(thrown);
      const found = fieldsOf(error);
      setRefused(found);
      setShown(new Set(PARTS));
      setPart(partWith(found) ?? 'summary');
      setSending({ state: 'refused', error });
    }
  };

  if (sending.state === 'sent') return <Sent onOpenChange={onOpenChange} activated={sending.activated} storeName={answers.store_name} />;
  const position = PARTS.indexOf(part);
  const previous = PARTS[position - 1];
  const following = PARTS[position + 1];
  const visible = shown.has(part) || part === 'summary' ? errors : {};
  return (
    <Dialog
      open
      size="large"
      busy={busy}
      keep={changed}
      onOpenChange={onOpenChange}
      title={t('activate.title', { store: storeName })}
      description={t('activate.description')}
      footer={
        <>
          {previous && (
            <Button kind="quiet" icon="arrowLeft" className={styles.back} disabled={busy} onClick={() => go(previous)}>
              {t('ui.back')}
            </Button>
          )}
          {following && following !== 'summary' && (
            <Button disabled={!offers.value} onClick={() => go('summary')}>
              {t('activate.toSummary')}
            </Button>
          )}
          {following ? (
            <Button kind="primary" iconAfter="arrowRight" disabled={!offers.value} onClick={() => go(following)}>
              {following === 'summary' ? t('activate.toSummary') : t('ui.next')}
            </Button>
          ) : (
            <Button kind="primary" icon="store" busy={busy} disabled={!offers.value} onClick={() => void send()}>
              {busy ? t('activate.sending') : t('activate.send')}
            </Button>
          )}
        </>
      }
    >
      <div className={styles.layout}>
        <Rail part={part} errors={errors} shown={shown} onGo={go} disabled={busy} />
        <form
          className={styles.part}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (following) go(following);
            else void send();
          }}
        >
          {offers.error && (
            <Notice tone="danger" urgent title={t('activate.noOffers')} actions={<Button onClick={offers.again}>{t('ui.tryAgain')}</Button>}>
              {offers.error.message}
            </Notice>
          )}
          {!offers.value && !offers.error && (
            <div className={styles.loading}>
              <Spinner size="large" label={t('ui.loading')} />
            </div>
          )}
          {sending.state === 'refused' && <Refused error={sending.error} fields={refused} />}
          {offers.value && (
            <fieldset className={styles.fields} disabled={busy}>
              {part === 'theme' && <ThemePart themes={offers.value.themes} request={answers} errors={visible} onChange={change} />}
              {part === 'plan' && <PlanPart plans={offers.value.plans} request={answers} errors={visible} onChange={change} />}
              {part === 'store' && (
                <StorePart
                  request={answers}
                  errors={shown.has('store') ? errors : onlyTyped(errors, request, { storeId, storeName, ...known })}
                  availability={availability}
                  onChange={change}
                />
              )}
              {part === 'content' && <ContentPart request={answers} errors={visible} onChange={change} />}
              {part === 'summary' && (
                <SummaryPart request={answers} themes={offers.value.themes} plans={offers.value.plans} errors={errors} availability={availability} onGo={go} />
              )}
              {/* Enter in a field goes on. */}
              <button type="submit" className={styles.submit} tabIndex={-1} aria-hidden="true" />
            </fieldset>
          )}
        </form>
      </div>
    </Dialog>
  );
}

/** Where nothing was chosen: the first theme, the popular plan. */
function withDefaults(request: ActivationRequest, offers: Offers | null): ActivationRequest {
  if (!offers) return request;
  const themes = offers.themes.filter((theme) => theme.active !== false);
  const plans = offers.plans.filter((plan) => plan.active !== false);
  return {
    ...request,
    theme: request.theme || (themes[0]?.slug ?? ''),
    plan: request.plan || ((plans.find((plan) => plan.popular) ?? plans[0])?.slug ?? ''),
  };
}

/** Before one has left the page only what one has typed is complained about. */
function onlyTyped(errors: Errors, request: ActivationRequest, from: Parameters<typeof beginWith>[0]): Errors {
  const before = beginWith(from);
  const typed = (['store_name', 'owner_email', 'subdomain', 'custom_domain'] as const).filter((field) => request[field] !== before[field] && request[field]);
  // A wished address that is taken is worth knowing at once.
  return Object.fromEntries(Object.entries(errors).filter(([field]) => typed.some((one) => one === field) || (field === 'subdomain' && request.subdomain)));
}

function fieldsOf(error: DataError): Errors {
  return Object.fromEntries(error.fields.map(({ field, message }) => [field.split('.')[0] ?? field, message]));
}

function Rail({ part, errors, shown, onGo, disabled }: { part: Part; errors: Errors; shown: ReadonlySet<Part>; onGo(part: Part): void; disabled: boolean }) {
  return (
    <nav className={styles.rail} aria-label={t('activate.parts')}>
      <ol>
        {PARTS.map((one, index) => {
          const wrong = shown.has(one) && wrongIn(one, errors);
          return (
            <li key={one}>
              <button
                type="button"
                className={`${styles.stop} ${wrong ? styles.wrong : ''}`}
                aria-current={one === part ? 'step' : undefined}
                disabled={disabled}
                onClick={() => onGo(one)}
              >
                <span className={styles.number}>{wrong ? <Icon name="alert" label={t('form.wrongHere')} /> : shown.has(one) && one !== part ? <Icon name="check" /> : index + 1}</span>
                <span className={styles.name}>{t(`activate.part.${one}`)}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

function Refused({ error, fields }: { error: DataError; fields: Errors }) {
  if (error.code === 'KEY_REUSED') {
    return (
      <Notice tone="warning" urgent title={t('activate.sentBefore')}>
        {t('activate.sentBefore.text')}
      </Notice>
    );
  }
  if (Object.keys(fields).length > 0) {
    return (
      <Notice tone="danger" urgent title={t('activate.fields')}>
        {fields.store_id && <p>{`store_id ${fields.store_id}`}</p>}
      </Notice>
    );
  }
  return (
    <Notice tone="danger" urgent title={error.status === 0 ? t('refusal.offline') : t('activate.refused')}>
      {error.status === 0 ? t('activate.offline') : error.message}
    </Notice>
  );
}

/** It is kept safe; its first moments are shown here already. */
function Sent({ onOpenChange, activated, storeName }: { onOpenChange(open: boolean): void; activated: Activated; storeName: string }) {
  const { provisioning: p } = useProvisioning({ provisioningId: activated.provisioning_id });
  const look = p && lookOfStatus(p.status, p.halted);
  const step = p?.steps.find((one) => one.name === p.current_step);
  return (
    <Dialog
      open
      onOpenChange={onOpenChange}
      title={t('activate.sent', { store: storeName })}
      footer={
        <Button kind="primary" onClick={() => onOpenChange(false)}>
          {t('ui.done')}
        </Button>
      }
    >
      <div className={styles.sent} role="status">
        <p>{p?.error ? p.error.title : t('activate.sent.text')}</p>
        <Progress value={p?.completion_percent ?? 0} label={t('provisioning.progress')} tone={p?.status === 'COMPLETED' ? 'success' : p?.status === 'FAILED' ? 'danger' : 'accent'} />
        <p className={styles.now}>
          <Badge tone={look?.tone ?? 'neutral'} icon={look?.icon ?? 'clock'}>
            {look?.text ?? t('status.pending')}
          </Badge>
          <span>{p?.status === 'IN_PROGRESS' ? step?.title : `${p?.completion_percent ?? 0} %`}</span>
        </p>
      </div>
    </Dialog>
  );
}
