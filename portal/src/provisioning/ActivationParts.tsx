import { useId } from 'react';
import { CATEGORIES, INTEGRATIONS, type ActivationRequest, type Category, type Plan, type Theme } from '../data';
import { n, t, type TextKey } from '../texts';
import { Badge, Button, Choice, Icon, Notice, SelectField, Spinner, Switch, TextField } from '../ui';
import styles from './ActivationParts.module.css';
import { offered, type Part } from './answers';
import { sayLimits } from './limits';
import { cycle, money } from './money';
import type { Errors } from './rules';
import type { Availability } from './useAvailability';

interface PartProps {
  request: ActivationRequest;
  errors: Errors;
  onChange(values: Partial<ActivationRequest>): void;
}

function Heading({ title, children }: { title: string; children?: string }) {
  return (
    <header className={styles.heading}>
      <h3>{title}</h3>
      {children && <p>{children}</p>}
    </header>
  );
}

export function ThemePart({ themes, request, errors, onChange }: PartProps & { themes: readonly Theme[] }) {
  const name = useId();
  return (
    <>
      <Heading title={t('theme.title')}>{t('theme.text')}</Heading>
      {errors.theme && <Notice tone="danger">{`${t('field.theme')} ${errors.theme}`}</Notice>}
      <div className={styles.themes} role="radiogroup" aria-label={t('theme.title')}>
        {offered(themes, request.theme).map((theme) => (
          <Choice key={theme.slug} name={name} value={theme.slug} checked={theme.slug === request.theme} onChange={(chosen) => onChange({ theme: chosen })} className={styles.theme}>
            <ThemePicture theme={theme} />
            <span className={styles.themeText}>
              <span className={styles.name}>{theme.name}</span>
              <span className={styles.description}>{theme.description}</span>
              <Features features={theme.features ?? []} />
            </span>
          </Choice>
        ))}
      </div>
    </>
  );
}

function ThemePicture({ theme }: { theme: Theme }) {
  return (
    <span className={styles.picture}>
      {theme.preview ? <img src={theme.preview} alt={t('theme.picture', { theme: theme.name })} loading="lazy" decoding="async" width="640" height="400" /> : <Icon name="palette" />}
    </span>
  );
}

function Features({ features }: { features: readonly string[] }) {
  if (features.length === 0) return null;
  return (
    <ul className={styles.features}>
      {features.map((feature) => (
        <li key={feature}>
          <Icon name="check" />
          {feature}
        </li>
      ))}
    </ul>
  );
}

export function PlanPart({ plans, request, errors, onChange }: PartProps & { plans: readonly Plan[] }) {
  const name = useId();
  return (
    <>
      <Heading title={t('plan.title')}>{t('plan.text')}</Heading>
      {errors.plan && <Notice tone="danger">{`${t('field.plan')} ${errors.plan}`}</Notice>}
      <div className={styles.plans} role="radiogroup" aria-label={t('plan.title')}>
        {offered(plans, request.plan).map((plan) => (
          <Choice key={plan.slug} name={name} value={plan.slug} checked={plan.slug === request.plan} onChange={(chosen) => onChange({ plan: chosen })} className={styles.plan}>
            <span className={styles.planHead}>
              <span className={styles.name}>{plan.name}</span>
            </span>
            {plan.popular && (
              <span className={styles.popular}>
                <Badge tone="info">{t('plan.popular')}</Badge>
              </span>
            )}
            <span className={styles.price}>
              {money(plan.price, plan.currency ?? 'USD')}
              <small> {cycle(plan.billing_cycle)}</small>
            </span>
            <span className={styles.description}>{plan.description}</span>
            <ul className={styles.limits}>
              {sayLimits(plan.limits).map((limit) => (
                <li key={limit}>
                  <Icon name="check" />
                  {limit}
                </li>
              ))}
            </ul>
          </Choice>
        ))}
      </div>
    </>
  );
}

export function StorePart({ request, errors, onChange, availability }: PartProps & { availability: Availability }) {
  const sentence = (field: 'store_name' | 'owner_email' | 'custom_domain' | 'subdomain') => (errors[field] ? sentenceOf(field, errors[field]) : null);
  return (
    <>
      <Heading title={t('store.title')}>{t('store.text')}</Heading>
      <div className={styles.pair}>
        <TextField label={t('field.store_name')} value={request.store_name} error={sentence('store_name')} onChange={(store_name) => onChange({ store_name })} maxLength={80} autoComplete="off" />
        <TextField
          label={t('field.owner_email')}
          type="email"
          inputMode="email"
          value={request.owner_email}
          error={sentence('owner_email')}
          hint={t('store.ownerHint')}
          onChange={(owner_email) => onChange({ owner_email: owner_email.trim() })}
          autoComplete="off"
        />
      </div>
      <TextField
        label={t('field.subdomain')}
        value={request.subdomain}
        error={sentence('subdomain')}
        hint={<AddressHint availability={availability} onTake={(subdomain) => onChange({ subdomain })} />}
        onChange={(typed) => onChange({ subdomain: typed.toLowerCase().replace(/\s+/g, '-') })}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={63}
      />
      <TextField
        label={t('field.custom_domain')}
        optional={t('form.optional')}
        value={request.custom_domain ?? ''}
        error={sentence('custom_domain')}
        hint={t('store.domainHint')}
        placeholder="shop.example.com"
        onChange={(domain) => onChange({ custom_domain: domain.trim().toLowerCase() || null })}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        inputMode="url"
      />
    </>
  );
}

/** The server's sentences go on from the field's name. */
function sentenceOf(field: 'store_name' | 'owner_email' | 'custom_domain' | 'subdomain', message: string): string {
  return /^[a-z]/.test(message) ? `${t(`field.${field}`)} ${message}.` : message;
}

function AddressHint({ availability, onTake }: { availability: Availability; onTake(label: string): void }) {
  return (
    <div className={styles.address} aria-live="polite">
      <AddressState availability={availability} />
      {availability.state === 'known' && availability.answer.suggestions.length > 0 && (
        <p className={styles.suggestions}>
          <span>{t('address.free')}</span>
          {availability.answer.suggestions.map((label) => (
            <Button key={label} size="small" onClick={() => onTake(label)}>
              {label}
            </Button>
          ))}
        </p>
      )}
    </div>
  );
}

function AddressState({ availability }: { availability: Availability }) {
  if (availability.state === 'unasked') return <p>{t('address.rules')}</p>;
  if (availability.state === 'unknown') return <p>{t('address.unknown')}</p>;
  if (availability.state === 'asking') {
    return (
      <p className={styles.stateLine}>
        <Spinner /> {t('address.asking')}
      </p>
    );
  }
  if (!availability.answer.available) return null;
  return (
    <p className={`${styles.stateLine} ${styles.free}`}>
      <Icon name="check" /> {t('address.available', { address: availability.answer.hostname ?? '' })}
    </p>
  );
}

export function ContentPart({ request, errors, onChange }: PartProps) {
  const name = useId();
  return (
    <>
      <Heading title={t('content.title')}>{t('content.text')}</Heading>
      <SelectField
        label={t('field.category')}
        value={request.category}
        error={errors.category ?? null}
        hint={t('content.categoryHint')}
        options={CATEGORIES.map((value) => ({ value, label: t(`category.${value}`) }))}
        onChange={(category) => onChange({ category: category as Category })}
      />
      <fieldset className={styles.group}>
        <legend>{t('field.integrations')}</legend>
        <p className={styles.description}>{t('content.integrationsHint')}</p>
        <div className={styles.switches}>
          {INTEGRATIONS.map((one) => (
            <Switch
              key={one}
              label={t(`integration.${one}`)}
              hint={t(`integration.${one}.hint`)}
              checked={request.integrations[one]}
              onChange={(wanted) => onChange({ integrations: { ...request.integrations, [one]: wanted } })}
            />
          ))}
        </div>
      </fieldset>
      <fieldset className={styles.group}>
        <legend>{t('field.launch')}</legend>
        <div className={styles.pair}>
          {(['after_onboarding', 'immediately'] as const).map((launch) => (
            <Choice key={launch} name={name} value={launch} checked={request.launch === launch} onChange={() => onChange({ launch })} className={styles.launch}>
              <span className={styles.name}>{t(`launch.${launch}`)}</span>
              <span className={styles.description}>{t(`launch.${launch}.hint`)}</span>
            </Choice>
          ))}
        </div>
      </fieldset>
    </>
  );
}

interface SummaryProps {
  request: ActivationRequest;
  themes: readonly Theme[];
  plans: readonly Plan[];
  errors: Errors;
  availability: Availability;
  onGo(part: Part): void;
}

/** What will be made, before it is. */
export function SummaryPart({ request, themes, plans, errors, availability, onGo }: SummaryProps) {
  const theme = themes.find((one) => one.slug === request.theme);
  const plan = plans.find((one) => one.slug === request.plan);
  const wanted = INTEGRATIONS.filter((one) => request.integrations[one]);
  const host = availability.state === 'known' ? availability.answer.hostname : null;
  const rows: { part: Part; field: TextKey & `field.${string}`; value: string; error?: string }[] = [
    { part: 'theme', field: 'field.theme', value: theme?.name ?? request.theme, error: errors.theme },
    { part: 'plan', field: 'field.plan', value: plan ? `${plan.name}, ${money(plan.price, plan.currency ?? 'USD')} ${cycle(plan.billing_cycle)}` : request.plan, error: errors.plan },
    { part: 'store', field: 'field.store_name', value: request.store_name, error: errors.store_name },
    { part: 'store', field: 'field.owner_email', value: request.owner_email, error: errors.owner_email },
    { part: 'store', field: 'field.subdomain', value: host ?? request.subdomain, error: errors.subdomain },
    { part: 'store', field: 'field.custom_domain', value: request.custom_domain ?? t('summary.none'), error: errors.custom_domain },
    { part: 'content', field: 'field.category', value: t(`category.${request.category}`), error: errors.category },
    { part: 'content', field: 'field.integrations', value: wanted.map((one) => t(`integration.${one}`)).join(', ') || t('summary.none'), error: errors.integrations },
    { part: 'content', field: 'field.launch', value: t(`launch.${request.launch}`), error: errors.launch },
  ];
  const later = [...(request.custom_domain ? [t('field.custom_domain')] : []), ...wanted.map((one) => t(`integration.${one}`))];
  return (
    <>
      <Heading title={t('summary.title')}>{t('summary.text')}</Heading>
      <dl className={styles.summary}>
        {rows.map((row) => (
          <div key={row.field} className={row.error ? styles.wrong : ''}>
            <dt>{t(row.field)}</dt>
            <dd>
              {row.value || t('summary.missing')}
              {row.error && <span className={styles.why}>{row.error}</span>}
            </dd>
            <dd className={styles.act}>
              <Button kind="quiet" size="small" aria-label={t('summary.change', { field: t(row.field) })} onClick={() => onGo(row.part)}>
                {t('ui.change')}
              </Button>
            </dd>
          </div>
        ))}
      </dl>
      <div className={styles.made}>
        <h4>{t('summary.made')}</h4>
        <ul>
          <Made icon="globe">{t('made.address', { address: host ?? request.subdomain })}</Made>
          <Made icon="package">{t('made.content', { category: t(`category.${request.category}`) })}</Made>
          <Made icon="store">{t(request.launch === 'immediately' ? 'made.live' : 'made.soon')}</Made>
          <Made icon="mail">{t('made.mail', { email: request.owner_email })}</Made>
          {later.length > 0 && <Made icon="clock">{`${n('made.tasks', later.length)} ${later.join(', ')}`}</Made>}
        </ul>
      </div>
    </>
  );
}

function Made({ icon, children }: { icon: 'globe' | 'package' | 'store' | 'mail' | 'clock'; children: string }) {
  return (
    <li>
      <Icon name={icon} />
      <span>{children}</span>
    </li>
  );
}
