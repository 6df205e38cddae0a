import { useState } from 'react';
import { useSource, type Marked, type Plan } from '../../data';
import { LIMITS, unitOf } from '../../provisioning/limits';
import { Refusal } from '../../provisioning/Refusal';
import { t } from '../../texts';
import { Button, Dialog, Switch, TextAreaField, TextField } from '../../ui';
import styles from '../offers/offers.module.css';
import { toLines, useEntryForm } from '../offers/useEntryForm';
import { readAmount, toCents, writeAmount } from './amounts';

interface PlanDialogProps {
  found: Marked<Plan> | null;
  /** Behind all others. */
  position: number;
  onClose(): void;
  onDone(saved: Plan): void;
}

const SHOWN = ['slug', 'name', 'description', 'price', 'features', 'limits', 'position'];

/** Makes a plan, or changes one. Stores keep what they were sold. */
export function PlanDialog({ found, position, onClose, onDone }: PlanDialogProps) {
  const { platform } = useSource();
  const [first] = useState<Plan>(() => found?.value ?? blank(position));
  const form = useEntryForm(platform.plans, first, found?.etag ?? null, found === null, onDone);
  const { value: plan, change, busy } = form;
  const [price, setPrice] = useState(() => writeAmount(plan.price / 100));
  const [features, setFeatures] = useState((plan.features ?? []).join('\n'));
  const cents = toCents(price);
  const refusal = form.untold(SHOWN);

  return (
    <Dialog
      open
      size="large"
      onOpenChange={onClose}
      busy={busy}
      keep={form.touched}
      title={found ? t('plans.edit', { name: found.value.name }) : t('plans.new')}
      description={t('plans.edit.text')}
      footer={
        <>
          <Button disabled={busy} onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          <Button kind="primary" type="submit" form="plan" busy={busy}>
            {t(found ? 'offers.save' : 'offers.create')}
          </Button>
        </>
      }
    >
      <form id="plan" className={styles.form} onSubmit={form.submit}>
        {refusal && <Refusal error={refusal} />}
        <div className={styles.pair}>
          <TextField label={t('offers.name')} required maxLength={100} value={plan.name} onChange={(name) => change({ name })} error={form.wrong('name')} />
          <TextField
            label={t('offers.slug')}
            required
            disabled={found !== null}
            value={plan.slug}
            onChange={(slug) => change({ slug })}
            error={form.wrong('slug')}
            hint={found ? t('offers.slug.fixed') : t('offers.slug.hint')}
            autoCapitalize="none"
            spellCheck={false}
          />
        </div>
        <TextAreaField label={t('offers.description')} required rows={2} maxLength={300} value={plan.description} onChange={(description) => change({ description })} error={form.wrong('description')} />
        <div className={styles.pair}>
          <TextField
            label={t('plans.price')}
            required
            inputMode="decimal"
            suffix={`${plan.currency ?? 'USD'} ${t('plan.monthly')}`}
            value={price}
            onChange={(typed) => {
              setPrice(typed);
              change({ price: toCents(typed) ?? plan.price });
            }}
            error={form.wrong('price') ?? (cents === null ? t('plans.price.wrong') : undefined)}
            pattern="\s*\d{1,9}([.,]\d{1,2})?\s*"
          />
          <TextField label={t('plans.position')} type="number" step={1} required value={String(plan.position ?? 0)} onChange={(typed) => change({ position: Math.trunc(Number(typed)) })} hint={t('plans.position.hint')} error={form.wrong('position')} />
        </div>
        <fieldset className={styles.group}>
          <legend>{t('plans.limits')}</legend>
          <div className={styles.pair}>
            {LIMITS.map((name) => (
              <TextField
                key={name}
                label={t(`limit.${name}`)}
                type="number"
                suffix={unitOf(name)}
                min={1}
                step={1}
                value={writeAmount(plan.limits[name])}
                placeholder={t('limit.unlimited')}
                onChange={(typed) => change({ limits: { ...plan.limits, [name]: readAmount(typed) } })}
                error={form.wrong(`limits.${name}`)}
              />
            ))}
          </div>
        </fieldset>
        <TextAreaField
          label={t('offers.features')}
          rows={5}
          hint={t('offers.features.hint')}
          value={features}
          onChange={(typed) => {
            setFeatures(typed);
            change({ features: toLines(typed) });
          }}
          error={form.wrong('features')}
        />
        <div>
          <Switch label={t('plan.popular')} hint={t('plans.popular.hint')} checked={plan.popular ?? false} onChange={(popular) => change({ popular })} />
          <Switch label={t('offers.active')} hint={t('plans.active.hint')} checked={plan.active ?? true} onChange={(active) => change({ active })} />
        </div>
      </form>
    </Dialog>
  );
}

function blank(position: number): Plan {
  return {
    slug: '',
    name: '',
    description: '',
    price: 0,
    currency: 'USD',
    billing_cycle: 'monthly',
    popular: false,
    active: false,
    position,
    features: [],
    limits: { products: null, orders_per_month: null, storage_gb: null, bandwidth_gb: null },
  };
}
