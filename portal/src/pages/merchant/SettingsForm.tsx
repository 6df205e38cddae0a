import type { Setting } from '../../data';
import { holds, type Scopes } from './conditions';
import { same } from './customisation';
import { SettingField } from './SettingField';
import styles from './ThemeEditor.module.css';

interface SettingsFormProps {
  storeId: string;
  title: string;
  settings: readonly Setting[];
  values: Record<string, unknown>;
  /** What the values are without anything of the store's own. */
  base: Record<string, unknown>;
  /** The values for the whole store. */
  globals: Record<string, unknown>;
  /** The values of the section that a block is in. */
  section?: Record<string, unknown>;
  scope: 'settings' | 'section' | 'block';
  /** The name under which the server speaks of a setting. */
  field(id: string): string;
  errors: Record<string, string>;
  labels: Record<string, string>;
  fonts: readonly { id: string; name: string }[];
  disabled: boolean;
  onChange(id: string, value: unknown): void;
}

/** Settings in the order in which the theme declares them; those whose condition does not hold stay away. */
export function SettingsForm({ storeId, title, settings, values, base, globals, section, scope, field, errors, labels, fonts, disabled, onChange }: SettingsFormProps) {
  const scopes: Scopes = { settings: globals, section, [scope]: values };
  const shown = settings.filter((setting) => !setting.hidden && holds(setting.visible_if, scopes));
  if (shown.length === 0) return null;
  return (
    <div role="group" className={styles.group} aria-label={title}>
      <h3>{title}</h3>
      {shown.map((setting, index) => {
        const { id } = setting;
        if (id === undefined) return <SettingField key={`${index}`} storeId={storeId} setting={setting} value={null} own={false} values={globals} labels={labels} fonts={fonts} disabled={disabled} onChange={() => undefined} />;
        return (
          <SettingField
            key={id}
            storeId={storeId}
            setting={setting}
            value={values[id]}
            own={!same(values[id], base[id])}
            error={errors[field(id)]}
            values={globals}
            labels={labels}
            fonts={fonts}
            disabled={disabled}
            onChange={(value) => onChange(id, value)}
          />
        );
      })}
    </div>
  );
}
