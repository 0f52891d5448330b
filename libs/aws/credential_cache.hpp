// CredentialCache: credentials at hand at any time, asked for again before they expire.
#pragma once

#include <optional>
#include <string>

#include "libs/async/gate.hpp"
#include "libs/async/sleep.hpp"
#include "libs/async/spawner.hpp"
#include "libs/aws/credential_source.hpp"
#include "libs/base/entropy.hpp"
#include "libs/base/executor.hpp"

namespace orderflow::aws {

struct CredentialCacheTimes {
    // New ones are asked for so long before the end, or after half of the time that is left, whichever is later, and up
    // to a fifth of that earlier, so that not all programs ask at once.
    BootClock::duration refresh_before = 10min;
    BootClock::duration unused_end = 30s;  // clocks differ, and a signed request takes its time
    // A fetch that failed is repeated after a random time below retry_first, which doubles up to retry_max (full
    // jitter).
    BootClock::duration retry_first = 1s;
    BootClock::duration retry_max = 1min;
};

// Told on the cache's loop. No call may block or throw; nothing secret goes into a log.
class CredentialObserver {
  public:
    virtual ~CredentialObserver() = default;
    virtual void refreshed(const std::string& /*origin*/, std::optional<WallTime> /*expires_at*/) {}
    // `good_until`: the end of those at hand, if there are any.
    virtual void refresh_failed(const Error& /*error*/, BootClock::duration /*retry_in*/,
                                std::optional<WallTime> /*good_until*/) {}
};

// Everything that it is made with outlives it, and so does it outlive the calls of it. Of one loop, which `timers` and
// `spawn` run on. Destroyed after stop() said true, or when the loop runs no more. Credentials that never expire are
// asked for once.
class CredentialCache {
  public:
    CredentialCache(CredentialSource& source, const Clock& clock, Executor& timers, Spawner spawn, Entropy& entropy,
                    CredentialObserver& observer, CredentialCacheTimes times = {});
    ~CredentialCache();
    CredentialCache(const CredentialCache&) = delete;
    CredentialCache& operator=(const CredentialCache&) = delete;

    // At once while those at hand are good, also during a refresh and when it fails. Otherwise with the next answer of
    // the source, which all callers share. Errors: those of the source (at once while a failed fetch waits for its
    // repetition); unavailable "credentials.unavailable" when `deadline` comes first or after stop().
    task<Result<Credentials>> get(Instant deadline);

    // No fetch begins any more. On the loop, or when it has stopped and is still there.
    void close();
    // close(). False when one was still running at `until`.
    task<bool> stop(Instant until);

  private:
    bool has_good_ones() const;
    void fetch_if_due();
    task<void> fetch(Gate::Pass pass);
    void accept(Credentials found);
    void note_failure(const Error& error);
    void wake_in(BootClock::duration delay);

    CredentialSource& source_;
    const Clock& clock_;
    Executor& timers_;
    Spawner spawn_;
    Entropy& entropy_;
    CredentialObserver& observer_;
    CredentialCacheTimes times_;

    std::optional<Credentials> current_;
    std::optional<Error> last_error_;  // of the newest fetch, when it failed
    WallTime refresh_at_ = WallTime::min();
    Instant retry_at_ = Instant::min();
    unsigned failures_ = 0;  // in a row
    bool fetching_ = false;
    Signal fetched_;
    Gate gate_;
    Executor::TimerId timer_ = Executor::TimerId::none;
};

}  // namespace orderflow::aws
