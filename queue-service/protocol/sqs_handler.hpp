// SqsHandler: one HTTP request of either protocol to its answer.
#pragma once

#include <stop_token>
#include <string>
#include <string_view>

#include "libs/base/entropy.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"
#include "queue-service/protocol/action_observer.hpp"
#include "queue-service/protocol/action_table.hpp"
#include "queue-service/protocol/request_authenticator.hpp"

namespace orderflow::sqs {

// Whether it may be a long poll, which ends when its client is gone. What is not seen from the head may be one.
bool may_wait_long(const net::Request& request);

// Any loop. What is passed in, and a request its call, outlives it.
class SqsHandler {
  public:
    SqsHandler(QueueDirectory& directory, RequestAuthenticator& authenticator, Entropy& entropy, std::string account)
        : directory_(directory), authenticator_(authenticator), entropy_(entropy), account_(std::move(account)) {}

    // Before the first request: `observer` is told of each, by `clock`. Both outlive this.
    void observe_with(const Clock& clock, ActionObserver& observer) {
        clock_ = &clock;
        observer_ = &observer;
    }

    task<net::Response> operator()(const net::Request& request);

    // Long polls end now, and those that come do not wait. Any thread.
    void end_long_polls() noexcept { ending_.request_stop(); }

  private:
    task<net::Response> answer(const net::Request& request, std::string_view& action);

    QueueDirectory& directory_;
    RequestAuthenticator& authenticator_;
    Entropy& entropy_;
    std::string account_;
    std::stop_source ending_;
    const Clock* clock_ = nullptr;  // both or none
    ActionObserver* observer_ = nullptr;
};

}  // namespace orderflow::sqs
