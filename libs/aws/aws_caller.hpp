// AwsCaller: one request to a service of AWS: signed, sent, and repeated where that may help. What a request says and
// what its answer means is its owner's matter (sqs_caller.hpp, sns_topic.hpp).
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "libs/async/task.hpp"
#include "libs/aws/aws_fault.hpp"
#include "libs/aws/credentials.hpp"
#include "libs/aws/http_transport.hpp"
#include "libs/aws/sigv4_signer.hpp"
#include "libs/base/entropy.hpp"
#include "libs/base/executor.hpp"
#include "libs/net/retry_budget.hpp"
#include "libs/net/url.hpp"

namespace orderflow::aws {

// The credentials that are good just now, or an error by `deadline`: CredentialCache::get(). On the caller's loop.
using CurrentCredentials = std::function<task<Result<Credentials>>(Instant deadline)>;

struct AwsRetryPolicy {
    unsigned attempts = 3;
    // One attempt. Beyond it the connection may be dead while others are well.
    BootClock::duration attempt_time = 5s;
    // A pause is anything from nothing to pause_first, doubled for each attempt (full jitter), pause_max at most.
    BootClock::duration pause_first = 50ms;
    BootClock::duration throttled_pause_first = 500ms;
    BootClock::duration pause_max = 20s;
};

// A service in a region.
struct AwsService {
    std::string_view name;  // that requests are signed for: "sqs"
    std::string region;
    net::Url url;
    std::string_view errors;  // the first word of the codes of its errors
    // Of an answer whose status is not 200. Pure.
    AwsFault (*read_fault)(int status, const HttpHeaders& headers, std::string_view body);
};

// For one loop.
class AwsCaller {
  public:
    // References outlive the loop's work.
    struct Parts {
        HttpTransport& transport;
        CurrentCredentials credentials;
        Executor& timers;
        const Clock& clock;
        Entropy& entropy;
    };
    struct Request {
        HttpHeaders headers;  // beside Host, User-Agent and those of the signature
        std::string body;
        BootClock::duration server_time{0};  // what the server may take by request, as a long poll does
    };

    AwsCaller(Parts parts, AwsService service, AwsRetryPolicy policy);

    // The body of the answer with status 200. A request that may have had its effect is repeated too: what is sent is
    // safe to be sent twice. Never after `deadline`. Errors are those of `read_fault`, and, behind the service's word:
    //   unavailable "down"             certainly nothing was done: no connection, or no credentials at hand
    //   unavailable "outcome_unknown"  no readable answer to one of the attempts, whatever became of the others
    //   unavailable "stopped"          `stop` came first; the same
    //   unauthorized "unauthorized"    there are no credentials
    // When the server refuses the time of a signature and its Date is minutes away from ours, its clock is taken from
    // then on, and the request is repeated once: a machine whose clock is wrong works all the same.
    task<Result<std::string>> call(Request request, Instant deadline, std::stop_token stop);

    // For the entries of a batch that failed by themselves in a call that succeeded: how long to wait before they are
    // sent for the time `number` + 1. Nothing: attempts, budget or time are used up.
    std::optional<BootClock::duration> pause_for_entries(unsigned number, AwsRetry why, Instant deadline);

    const net::RetryBudget& budget() const noexcept { return budget_; }
    // What the server's clock is ahead of ours, as far as it mattered.
    std::chrono::milliseconds clock_skew() const noexcept { return skew_; }

  private:
    struct Attempt;
    task<Attempt> attempt(Request request, Instant deadline, std::stop_token stop);
    Result<HttpAsk> signed_ask(Request request, const Credentials& credentials, std::stop_token stop);
    BootClock::duration pause_before(unsigned attempt, AwsRetry why);
    std::string code(std::string_view what) const { return std::string(service_.errors).append(".").append(what); }
    bool is_open(const Error& error) const;

    Parts parts_;
    AwsService service_;
    AwsRetryPolicy policy_;
    Signer signer_;
    net::RetryBudget budget_;
    std::chrono::milliseconds skew_{0};
};

}  // namespace orderflow::aws
