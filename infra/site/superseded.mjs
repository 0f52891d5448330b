// Which assets of the bucket no page can want any more: ./dev aws prune deletes what this prints.
// A release is the newest from its note until the next one's. Its assets stay as long as it was the newest at some time of
// the last `days_kept` (pages of it may be open), and as long as it is one of the last `releases_kept` (a program may go
// back to it). S3's own rules cannot say this: they count from when a file came, and an asset of today may be a year old.
// usage: node superseded.mjs < {"now": time, "history": [[time, "name name ..."], ...], "there": ["assets/...", ...]}
import { readFileSync } from 'node:fs';

const days_kept = 30;
const releases_kept = 5;
// Nothing else that somebody has put there is ours to delete.
const asset = /^assets\/[a-z-]+\.[0-9a-f]{16}\.[a-z]+$/;

// The AWS CLI writes times as ISO 8601, its first version as seconds.
function seconds(time) {
  const read = typeof time === 'number' ? time : Date.parse(time) / 1000;
  if (!Number.isFinite(read)) throw new Error(`not a time: ${time}`);
  return read;
}

const { now, history, there } = JSON.parse(readFileSync(0, 'utf8'));
const oldest = seconds(now) - days_kept * 86400;
const releases = (history ?? [])
  .map(([since, names]) => ({ since: seconds(since), names: names.split(' ') }))
  .sort((a, b) => a.since - b.since);

// While the notes do not reach back so far, an asset that is in none may be of a page that is still open.
if (releases.length > 0 && releases[0].since <= oldest) {
  const wanted = releases.filter(
    (_, i) => i >= releases.length - releases_kept || releases[i + 1].since > oldest,
  );
  const named = new Set(wanted.flatMap(({ names }) => names).map((name) => `assets/${name}`));
  for (const key of there ?? []) {
    if (asset.test(key) && !named.has(key)) console.log(key);
  }
}
