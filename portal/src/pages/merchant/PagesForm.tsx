import type { Customisation, Section, StoreTheme } from '../../data';
import { t } from '../../texts';
import { pagesOf, sectionValuesOf, setSectionValue, valuesOf } from './customisation';
import { SettingsForm } from './SettingsForm';
import styles from './ThemeEditor.module.css';

interface PagesFormProps {
  storeId: string;
  theme: StoreTheme;
  page: string;
  chosen: Customisation;
  errors: Record<string, string>;
  disabled: boolean;
  onChange(after: Customisation): void;
}

/** The sections of one page, each with its blocks. */
export function PagesForm({ storeId, theme, page, chosen, errors, disabled, onChange }: PagesFormProps) {
  const parts = pagesOf(theme.sections).find((one) => one.page === page)?.parts ?? [];
  if (parts.length === 0) return <p className={styles.muted}>{t('themeEditor.nothing')}</p>;
  const form = (place: string, section: Section, around?: Record<string, unknown>) => (
    <SettingsForm
      key={place}
      storeId={storeId}
      title={section.name}
      settings={section.settings}
      values={sectionValuesOf(section, place, chosen)}
      base={section.defaults}
      globals={valuesOf(theme, chosen)}
      section={around}
      scope={around ? 'block' : 'section'}
      field={(id) => `sections.${place}.${id}`}
      errors={errors}
      labels={{}}
      fonts={theme.fonts}
      disabled={disabled}
      onChange={(id, value) => onChange(setSectionValue(section, chosen, place, id, value))}
    />
  );
  return parts.map(({ place, section, blocks }) => {
    const own = sectionValuesOf(section, place, chosen);
    return (
      <div key={place} className={styles.part}>
        {form(place, section)}
        {blocks.length > 0 && <div className={styles.blocks}>{blocks.map((block) => form(block.place, block.section, own))}</div>}
      </div>
    );
  });
}
