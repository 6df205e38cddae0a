import { useState, type FormEvent } from 'react';
import { asDataError, type Catalogue, type DataError } from '../../data';

interface EntryForm<T> {
  value: T;
  change(part: Partial<T>): void;
  touched: boolean;
  busy: boolean;
  error: DataError | null;
  /** What is wrong with a field, by its name. */
  wrong(field: string): string | undefined;
  /** Wrong fields that no control shows are told with the rest. */
  untold(fields: readonly string[]): DataError | null;
  submit(event: FormEvent): void;
}

/** A theme or a plan being made or changed: kept here until the server has taken it. */
export function useEntryForm<T extends { slug: string }>(catalogue: Catalogue<T>, first: T, etag: string | null, isNew: boolean, onDone: (saved: T) => void): EntryForm<T> {
  const [value, setValue] = useState(first);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<DataError | null>(null);

  const send = async () => {
    setBusy(true);
    setError(null);
    try {
      onDone(isNew ? await catalogue.create(value) : await catalogue.replace(value.slug, value, etag));
    } catch (thrown) {
      setError(asDataError(thrown));
      setBusy(false);
    }
  };
  return {
    value,
    change: (part) => setValue((before) => ({ ...before, ...part })),
    touched: value !== first,
    busy,
    error,
    wrong: (field) => error?.fields.find((one) => one.field === field || one.field.startsWith(`${field}.`))?.message,
    untold: (fields) => {
      if (!error || (error.fields.length > 0 && error.fields.every((one) => fields.some((field) => one.field === field || one.field.startsWith(`${field}.`))))) return null;
      return error;
    },
    submit: (event) => {
      event.preventDefault();
      if (!busy) void send();
    },
  };
}

/** One in each line, as they are typed. */
export function toLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}
