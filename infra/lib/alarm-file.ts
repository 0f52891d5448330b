// contracts/alarms.json, the file that the programs judge their own metrics by. Its thresholds are the alarms' here, too.
import file from '../../contracts/alarms.json' with { type: 'json' };

export interface Alarm {
  readonly name: string;
  readonly severity: string;
  readonly summary: string;
  readonly measure: {
    readonly kind: string;
    readonly window_seconds?: number;
    readonly at_least?: number;
    readonly quantile?: number;
    readonly of?: { readonly metric: string; readonly labels?: Readonly<Record<string, readonly string[] | undefined>> };
  };
  readonly above?: number;
  readonly below?: number;
  readonly hold_seconds: number;
}

export const alarmsOfFile: readonly Alarm[] = file.alarms;

export function alarmOfFile(name: string): Alarm {
  const found = alarmsOfFile.find((alarm) => alarm.name === name);
  if (!found) throw new Error(`contracts/alarms.json has no alarm '${name}'`);
  return found;
}

// CloudWatch looks in whole minutes.
export const minutes = (seconds: number): number => Math.max(1, Math.ceil(seconds / 60));

// Alarms of the file that mean nothing on AWS, each with the reason.
export const notOnAws: Readonly<Record<string, string>> = {
  'sync-slow': 'of the journal of queue-service; Amazon SQS is the queue here',
  'disk-nearly-full': 'of the data directory; a task keeps nothing on its disk, and the database has its own alarm',
};
