import { useCallback, useMemo, useRef, useState, type FormEvent } from 'react';
import { asDataError, CATEGORIES, useLoaded, useSource, type Category, type DataError, type Merchant } from '../../data';
import { Refusal } from '../../provisioning/Refusal';
import { t } from '../../texts';
import { Button, Dialog, SelectField, TextField, useToast } from '../../ui';
import { countries } from './countries';
import { BLANK, check, toMerchant, wrongOf, type Answers, type Wrong } from './newMerchant';
import styles from './NewMerchantDialog.module.css';

interface NewMerchantDialogProps {
  onClose(): void;
  onCreated(made: Merchant): void;
}

/** Asks for what a merchant is; what its store shall be can be left for the activation. */
export default function NewMerchantDialog({ onClose, onCreated }: NewMerchantDialogProps) {
  const source = useSource();
  const toast = useToast();
  const form = useRef<HTMLFormElement>(null);
  // A second press, and a new try after an answer that was lost, are the same merchant.
  const [key, setKey] = useState(() => crypto.randomUUID());
  const [answers, setAnswers] = useState<Answers>(BLANK);
  const [wrong, setWrong] = useState<Wrong>({});
  const [refusal, setRefusal] = useState<DataError | null>(null);
  const [sending, setSending] = useState(false);
  const loadOffers = useCallback(() => Promise.all([source.themes(), source.plans()]), [source]);
  const { value: offers } = useLoaded(loadOffers);
  const places = useMemo(() => countries(), []);

  const set = <Name extends keyof Answers>(name: Name, value: Answers[Name]) => {
    setAnswers((before) => ({ ...before, [name]: value }));
    setWrong((before) => ({ ...before, [name]: undefined }));
  };
  const show = (found: Wrong) => {
    setWrong(found);
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus());
  };
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (sending) return;
    const found = check(answers);
    if (Object.keys(found).length > 0) return show(found);
    setSending(true);
    setRefusal(null);
    try {
      const made = await source.stores.createMerchant(toMerchant(answers), key);
      toast(t('newMerchant.made', { name: made.name }));
      onCreated(made);
    } catch (thrown) {
      setSending(false);
      const error = asDataError(thrown);
      const named = wrongOf(error);
      // Answers that were changed after a lost answer are another merchant.
      if (error.code === 'KEY_REUSED') setKey(crypto.randomUUID());
      if (named) show(named);
      else setRefusal(error);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      keep={answers !== BLANK}
      busy={sending}
      title={t('newMerchant.title')}
      description={t('newMerchant.text')}
      footer={
        <>
          <Button disabled={sending} onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          <Button kind="primary" type="submit" form="new-merchant" busy={sending}>
            {t('newMerchant.send')}
          </Button>
        </>
      }
    >
      <form id="new-merchant" ref={form} className={styles.form} noValidate onSubmit={(event) => void send(event)}>
        {refusal && <Refusal error={refusal} />}
        <TextField label={t('newMerchant.name')} value={answers.name} onChange={(value) => set('name', value)} error={wrong.name} maxLength={100} autoComplete="off" autoFocus required />
        <TextField label={t('field.owner_email')} type="email" inputMode="email" value={answers.ownerEmail} onChange={(value) => set('ownerEmail', value)} error={wrong.ownerEmail} autoComplete="off" required />
        <TextField label={t('newMerchant.ownerName')} optional={t('form.optional')} value={answers.ownerName} onChange={(value) => set('ownerName', value)} error={wrong.ownerName} maxLength={100} autoComplete="off" />
        <div className={styles.pair}>
          <SelectField
            label={t('field.category')}
            value={answers.category}
            onChange={(value) => set('category', value as Category)}
            error={wrong.category}
            options={CATEGORIES.map((value) => ({ value, label: t(`category.${value}`) }))}
          />
          <SelectField label={t('newMerchant.country')} value={answers.country} onChange={(value) => set('country', value)} error={wrong.country} options={places} />
        </div>
        <fieldset className={styles.choices}>
          <legend>{t('newMerchant.choices')}</legend>
          <p className={styles.about}>{t('newMerchant.choices.text')}</p>
          <div className={styles.pair}>
            <SelectField
              label={t('field.theme')}
              value={answers.theme}
              onChange={(value) => set('theme', value)}
              error={wrong.theme}
              options={[{ value: '', label: t('newMerchant.undecided') }, ...(offers?.[0] ?? []).filter((one) => one.active).map(({ slug, name }) => ({ value: slug, label: name }))]}
            />
            <SelectField
              label={t('field.plan')}
              value={answers.plan}
              onChange={(value) => set('plan', value)}
              error={wrong.plan}
              options={[{ value: '', label: t('newMerchant.undecided') }, ...(offers?.[1] ?? []).filter((one) => one.active).map(({ slug, name }) => ({ value: slug, label: name }))]}
            />
          </div>
          <TextField
            label={t('field.subdomain')}
            optional={t('form.optional')}
            value={answers.subdomain}
            onChange={(value) => set('subdomain', value.toLowerCase())}
            error={wrong.subdomain}
            hint={t('address.rules')}
            maxLength={40}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
        </fieldset>
      </form>
    </Dialog>
  );
}
