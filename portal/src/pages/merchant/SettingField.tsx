import { useState } from 'react';
import type { Setting } from '../../data';
import { t } from '../../texts';
import { Button, Field, Icon, SelectField, Switch, Tabs, TextField } from '../../ui';
import { COLOR, tooClose } from './contrast';
import { PicturePicker } from './PicturePicker';
import styles from './SettingField.module.css';

export interface SettingFieldProps {
  storeId: string;
  setting: Setting;
  value: unknown;
  /** Whether the store has a value of its own here. */
  own: boolean;
  error?: string;
  /** The global values, for what a setting depends on. */
  values: Record<string, unknown>;
  /** The names of settings, for what is said about them. */
  labels: Record<string, string>;
  fonts: readonly { id: string; name: string }[];
  disabled: boolean;
  /** `undefined` gives the value back to the theme. */
  onChange(value: unknown): void;
}

/** One setting of a theme, by its type. */
export function SettingField(props: SettingFieldProps) {
  const { setting, own, disabled, onChange } = props;
  if (setting.type === 'header') {
    return (
      <div className={styles.heading}>
        <h4>{setting.content}</h4>
        {setting.info && <p className={styles.info}>{setting.info}</p>}
      </div>
    );
  }
  if (setting.type === 'paragraph') return <p className={styles.info}>{setting.content}</p>;
  return (
    <div className={`${styles.setting} ${own ? styles.own : ''}`}>
      <Control {...props} />
      {own && !disabled && (
        <Button size="small" kind="quiet" icon="undo" className={styles.reset} aria-label={t('settings.reset.label', { setting: setting.label ?? '' })} onClick={() => onChange(undefined)}>
          {t('settings.reset')}
        </Button>
      )}
    </div>
  );
}

/** Texts of a theme's own are kept in its language files, and shown in each visitor's language. */
function isThemeText(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('t:');
}

function Control(props: SettingFieldProps) {
  const { setting, value, error, disabled, onChange } = props;
  const { label, info: hint } = setting;
  const common = { label: label ?? '', hint, error, disabled };
  const text = typeof value === 'string' && !isThemeText(value) ? value : '';
  const placeholder = isThemeText(value) ? t('settings.themeText') : setting.placeholder;
  switch (setting.type) {
    case 'textarea':
    case 'richtext':
    case 'inline_richtext':
      return (
        <Field {...common} hint={hint ?? (setting.type === 'textarea' ? undefined : t('settings.richtext'))}>
          {(ids) => (
            <textarea
              {...ids}
              className={styles.area}
              rows={setting.type === 'inline_richtext' ? 2 : 4}
              value={text}
              placeholder={placeholder}
              maxLength={setting.max_length}
              disabled={disabled}
              onChange={(event) => onChange(event.target.value)}
            />
          )}
        </Field>
      );
    case 'checkbox':
      return (
        <div>
          <Switch label={label} hint={hint} checked={value === true} disabled={disabled} onChange={onChange} />
          {error && <Wrong text={error} />}
        </div>
      );
    case 'number':
      return <NumberField {...props} />;
    case 'range':
      return <RangeField {...props} />;
    case 'select':
      return <SelectField {...common} value={text} onChange={onChange} options={setting.options ?? []} />;
    case 'radio':
      return <OneOf {...props} options={setting.options ?? []} />;
    case 'text_alignment':
      return <OneOf {...props} options={ALIGNMENTS.map((one) => ({ value: one, label: t(`settings.align.${one}`) }))} />;
    case 'color':
      return <ColorField {...props} />;
    case 'color_scheme_group':
      return <SchemesField {...props} />;
    case 'color_scheme':
      return <SelectField {...common} value={text} onChange={onChange} options={schemeNames(props.values, text).map((name) => ({ value: name, label: name }))} />;
    case 'font':
      return <SelectField {...common} value={text} onChange={onChange} options={withCurrent(props.fonts, text)} />;
    case 'image':
      return <ImageField {...props} />;
    case 'product_list':
    case 'collection_list':
      return <ListField {...props} />;
    default:
      return (
        <TextField
          {...common}
          hint={hint ?? hintFor(setting.type)}
          value={text}
          placeholder={placeholder}
          maxLength={setting.max_length}
          onChange={onChange}
          spellCheck={setting.type === 'text' ? undefined : false}
        />
      );
  }
}

const ALIGNMENTS = ['start', 'center', 'end'] as const;

function hintFor(type: string): string | undefined {
  switch (type) {
    case 'url':
      return t('settings.hint.url');
    case 'product':
      return t('settings.hint.product');
    case 'collection':
      return t('settings.hint.collection');
    case 'page':
      return t('settings.hint.page');
    case 'link_list':
      return t('settings.hint.menu');
    default:
      return undefined;
  }
}

function Wrong({ text }: { text: string }) {
  return (
    <p className={styles.wrong}>
      <Icon name="alert" />
      {text}
    </p>
  );
}

function withCurrent(fonts: readonly { id: string; name: string }[], current: string): { value: string; label: string }[] {
  const options = fonts.map(({ id, name }) => ({ value: id, label: name }));
  return options.some((one) => one.value === current) ? options : [...options, { value: current, label: current }];
}

/** The schemes of the theme's group of them. */
function schemeNames(values: Record<string, unknown>, current: string): string[] {
  const group = Object.values(values).find((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
  const names = Object.keys(group ?? {});
  return names.includes(current) ? names : [...names, current];
}

function NumberField({ setting, value, error, disabled, onChange }: SettingFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <TextField
      label={setting.label}
      hint={setting.info}
      error={error}
      disabled={disabled}
      type="number"
      min={setting.min}
      max={setting.max}
      value={typed ?? String(value ?? '')}
      onBlur={() => setTyped(null)}
      onChange={(text) => {
        setTyped(text);
        // Half a number is none yet.
        if (text !== '' && Number.isFinite(Number(text))) onChange(Number(text));
      }}
    />
  );
}

function RangeField({ setting, value, error, disabled, onChange }: SettingFieldProps) {
  const number = typeof value === 'number' ? value : Number(setting.default ?? setting.min ?? 0);
  return (
    <Field label={setting.label} hint={setting.info} error={error}>
      {(ids) => (
        <div className={styles.range}>
          <input
            {...ids}
            type="range"
            min={setting.min}
            max={setting.max}
            step={setting.step}
            value={number}
            disabled={disabled}
            aria-valuetext={`${number}${setting.unit ?? ''}`}
            onChange={(event) => onChange(rounded(event.target.valueAsNumber, setting))}
          />
          <output htmlFor={ids.id}>
            {number}
            {setting.unit && <span className={styles.unit}> {setting.unit}</span>}
          </output>
        </div>
      )}
    </Field>
  );
}

/** On the scale of the setting, without what binary fractions add. */
function rounded(number: number, { min = 0, step = 1 }: Setting): number {
  return Number((min + Math.round((number - min) / step) * step).toFixed(6));
}

function OneOf({ setting, value, error, disabled, onChange, options }: SettingFieldProps & { options: readonly { value: string; label: string }[] }) {
  return (
    <div className={styles.oneOf}>
      <span className={styles.label} aria-hidden="true">
        {setting.label}
      </span>
      {disabled ? <span>{options.find((one) => one.value === value)?.label}</span> : <Tabs label={setting.label ?? ''} value={String(value)} onChange={onChange} tabs={options} />}
      {setting.info && <p className={styles.info}>{setting.info}</p>}
      {error && <Wrong text={error} />}
    </div>
  );
}

function ColorField({ setting, value, error, values, labels, disabled, onChange }: SettingFieldProps) {
  const color = typeof value === 'string' ? value : '#000000';
  const close = tooClose(setting, color, values)[0];
  const problem =
    error ??
    (close && t('settings.tooClose', { other: labels[close.against] ?? close.against, ratio: close.ratio.toFixed(1), wanted: close.wanted })) ??
    (COLOR.test(color) ? undefined : t('settings.noColor'));
  return (
    <Field label={setting.label} hint={setting.info} error={problem}>
      {(ids) => (
        <div className={styles.color}>
          <input type="color" aria-label={t('settings.pick', { setting: setting.label ?? '' })} value={COLOR.test(color) ? color : '#000000'} disabled={disabled} onChange={(event) => onChange(event.target.value)} />
          <input {...ids} type="text" value={color} maxLength={7} spellCheck={false} disabled={disabled} onChange={(event) => onChange(event.target.value.trim().toLowerCase())} />
        </div>
      )}
    </Field>
  );
}

type Schemes = Record<string, Record<string, string>>;

function SchemesField({ setting, value, error, disabled, onChange }: SettingFieldProps) {
  const schemes = (value ?? setting.default ?? {}) as Schemes;
  return (
    <fieldset className={styles.schemes}>
      <legend className={styles.label}>{setting.label}</legend>
      {setting.info && <p className={styles.info}>{setting.info}</p>}
      {error && <Wrong text={error} />}
      {Object.entries(schemes).map(([name, colors]) => (
        <div key={name} className={styles.scheme}>
          <strong>{name}</strong>
          {Object.entries(colors).map(([role, color]) => (
            <label key={role}>
              <input
                type="color"
                value={color}
                disabled={disabled}
                onChange={(event) => onChange({ ...schemes, [name]: { ...colors, [role]: event.target.value } })}
              />
              {role.replaceAll('_', ' ')}
            </label>
          ))}
        </div>
      ))}
    </fieldset>
  );
}

/** Handles, one behind the other. */
function ListField({ setting, value, error, disabled, onChange }: SettingFieldProps) {
  const list = Array.isArray(value) ? value.map(String) : [];
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <TextField
      label={setting.label}
      hint={setting.info ?? t('settings.hint.list')}
      error={error}
      disabled={disabled}
      value={typed ?? list.join(', ')}
      onBlur={() => setTyped(null)}
      spellCheck={false}
      onChange={(text) => {
        setTyped(text);
        onChange(text.split(/[\s,]+/).filter(Boolean));
      }}
    />
  );
}

function ImageField({ storeId, setting, value, error, disabled, onChange }: SettingFieldProps) {
  const [picking, setPicking] = useState(false);
  const name = typeof value === 'string' ? value : '';
  return (
    <div className={styles.oneOf}>
      <span className={styles.label}>{setting.label}</span>
      <div className={styles.picture}>
        {name ? <code>{name}</code> : <span className={styles.info}>{t('settings.noPicture')}</span>}
        {!disabled && (
          <Button size="small" onClick={() => setPicking(true)} aria-label={t('settings.choosePicture.label', { setting: setting.label ?? '' })}>
            {t('settings.choosePicture')}
          </Button>
        )}
        {!disabled && name && (
          <Button size="small" kind="quiet" onClick={() => onChange('')}>
            {t('settings.removePicture')}
          </Button>
        )}
      </div>
      {setting.info && <p className={styles.info}>{setting.info}</p>}
      {error && <Wrong text={error} />}
      {picking && (
        <PicturePicker
          storeId={storeId}
          onClose={() => setPicking(false)}
          onPick={(picked) => {
            onChange(picked);
            setPicking(false);
          }}
        />
      )}
    </div>
  );
}

