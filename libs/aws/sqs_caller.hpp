// SqsCaller: one request of the JSON protocol to Amazon SQS: signed, sent, and repeated where that may help.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "libs/async/task.hpp"
#include "libs/aws/credentials.hpp"
#include "libs/aws/http_transport.hpp"
#include "libs/aws/sigv4_signer.hpp"
#include "libs/aws/sqs_codec.hpp"
#include "libs/aws/sqs_endpoint.hpp"
#include "libs/aws/sqs_fault.hpp"
#include "libs/base/entropy.hpp"
#include "libs/base/executor.hpp"
#include "libs/net/retry_budget.hpp"

namespace orderflow::aws {

// The credentials that are good just now, or an error by `deadline`: CredentialCache::get(). On the caller's loop.
using CurrentCredentials = std::function<task<Result<Credentials>>(Instant deadline)>;

struct SqsRetryPolicy {
    unsigned attempts = 3;
    // One attempt. Beyond it the connection may be dead while others are well.
    BootClock::duration attempt_time = 5s;
    // A pause is anything from nothing to pause_first, doubled for each attempt (full jitter), pause_max at most.
    BootClock::duration pause_first = 50ms;
    BootClock::duration throttled_pause_first = 500ms;
    BootClock::duration pause_max = 20s;
};

// For one loop.
class SqsCaller {
  public:
    // References outlive the loop's work.
    struct Parts {
        HttpTransport& transport;
        CurrentCredentials credentials;
        Executor& timers;
        const Clock& clock;
        Entropy& entropy;
    };

    SqsCaller(Parts parts, SqsEndpoint endpoint, SqsRetryPolicy policy);

    const std::string& queue_url() const noexcept { return endpoint_.queue_url; }

    // The body of the answer with status 200. `server_time`: what the server may take by request, as a long poll does.
    // A request that may have had its effect is repeated too: what is sent is safe to be sent twice, because an order
    // message carries its order id, and the first of two stored orders wins. Never after `deadline`. Errors are those
    // of read_sqs_fault(), and:
    //   unavailable "queue.down"             certainly nothing was done: no connection, or no credentials at hand
    //   unavailable "queue.outcome_unknown"  no readable answer to one of the attempts, whatever became of the others
    //   unavailable "queue.stopped"          `stop` came first; the same
    // When the server refuses the time of a signature and its Date is minutes away from ours, its clock is taken from
    // then on, and the request is repeated once: a machine whose clock is wrong works all the same.
    task<Result<std::string>> call(SqsAction action, std::string body, Instant deadline,
                                   BootClock::duration server_time, std::stop_token stop);

    // For the entries of a batch that failed by themselves in a call that succeeded: how long to wait before they are
    // sent for the time `number` + 1. Nothing: attempts, budget or time are used up.
    std::optional<BootClock::duration> pause_for_entries(unsigned number, SqsRetry why, Instant deadline);

    const net::RetryBudget& budget() const noexcept { return budget_; }
    // What the server's clock is ahead of ours, as far as it mattered.
    std::chrono::milliseconds clock_skew() const noexcept { return skew_; }

  private:
    struct Attempt;
    task<Attempt> attempt(SqsAction action, std::string body, Instant deadline, std::stop_token stop);
    Result<HttpAsk> signed_ask(SqsAction action, std::string body, const Credentials& credentials,
                               std::stop_token stop);
    BootClock::duration pause_before(unsigned attempt, SqsRetry why);

    Parts parts_;
    SqsEndpoint endpoint_;
    SqsRetryPolicy policy_;
    Signer signer_;
    net::RetryBudget budget_;
    std::chrono::milliseconds skew_{0};
};

}  // namespace orderflow::aws
