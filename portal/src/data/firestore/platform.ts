import { collection, limit, orderBy, query, type Firestore } from 'firebase/firestore';
import type { Http } from '../api/http';
import { ApiPlatform } from '../api/platform';
import type { DeadLetter, LetterQuery, Overview, ProvisioningQuery } from '../platform';
import type { Watch, Watcher, WatchOptions } from '../watching';
import type { Page, ProvisioningSummary } from '../types';
import { withChanges } from './changes';

/** A look now and then, beside those that a change brings about. */
const UNHURRIED_MS = 60_000;

/** The platform as the API composes it, anew as soon as Firestore tells of a change. */
export class FirestorePlatform extends ApiPlatform {
  constructor(
    private readonly db: Firestore,
    http: Http,
  ) {
    super(http);
  }

  override watchOverview(days: number, watcher: Watcher<Overview>, options: WatchOptions = {}): Watch {
    return withChanges(super.watchOverview(days, watcher, { interval: UNHURRIED_MS, ...options }), [this.newest('provisionings', 'updated_at'), this.newest('dead_letters', 'filed_at')]);
  }

  override watchProvisionings(wanted: ProvisioningQuery, watcher: Watcher<Page<ProvisioningSummary>>, options: WatchOptions = {}): Watch {
    return withChanges(super.watchProvisionings(wanted, watcher, { interval: UNHURRIED_MS, ...options }), [this.newest('provisionings', 'updated_at')]);
  }

  override watchLetters(wanted: LetterQuery, watcher: Watcher<Page<DeadLetter>>, options: WatchOptions = {}): Watch {
    return withChanges(super.watchLetters(wanted, watcher, { interval: UNHURRIED_MS, ...options }), [this.newest('dead_letters', 'filed_at')]);
  }

  private newest(name: string, field: string) {
    return query(collection(this.db, name), orderBy(field, 'desc'), limit(1));
  }
}
