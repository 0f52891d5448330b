#include "programs/error_forwarder.hpp"

#include <algorithm>
#include <utility>

namespace orderflow {
namespace {

observe::Counter& ended(observe::Metrics& metrics, const char* outcome) {
    return metrics.counter("orderflow_client_errors_forwarded_total",
                           "Faults of pages on their way to an error tracker, by what became of them.",
                           {{"outcome", outcome}});
}

bool is_taken(int status) { return status >= 200 && status < 300; }

}  // namespace

ErrorForwarder::ErrorForwarder(Parts parts, Post post)
    : parts_(parts),
      post_(std::move(post)),
      more_(parts.timers),
      sent_(ended(parts.metrics, "sent")),
      failed_(ended(parts.metrics, "failed")),
      limited_(ended(parts.metrics, "limited")),
      dropped_(ended(parts.metrics, "dropped")) {}

void ErrorForwarder::send(std::string envelope) {
    if (waiting_.size() == waiting_max) {
        dropped_.add();
        return;
    }
    waiting_.push_back(std::move(envelope));
    more_.notify();
}

task<void> ErrorForwarder::run() {
    for (;;) {
        while (waiting_.empty()) co_await more_.wait_until(Instant::max());
        auto envelope = std::move(waiting_.front());
        waiting_.pop_front();
        co_await bring(std::move(envelope));
    }
}

task<void> ErrorForwarder::bring(std::string envelope) {
    const auto now = parts_.clock.now();
    if (rests_until_ && now < *rests_until_) {
        limited_.add();
        co_return;
    }
    const auto answer = co_await post_(std::move(envelope), now + answer_time);
    if (answer) rest(*answer);
    if (answer && is_taken(answer->status)) {
        sent_.add();
        co_return;
    }
    const bool is_limit = answer && answer->status == 429;
    (is_limit ? limited_ : failed_).add();
    tell_failure(answer);
}

// What the limits say goes before Retry-After.
void ErrorForwarder::rest(const Answer& answer) {
    auto time = answer.limit;
    if (!time && answer.status == 429) time = answer.retry_after.value_or(usual_rest);
    if (!time && answer.status == 503) time = answer.retry_after;
    if (time) rests_until_ = parts_.clock.now() + std::min(*time, longest_rest);
}

// What the address says is a secret; it is not logged.
void ErrorForwarder::tell_failure(const Result<Answer>& answer) {
    const auto now = parts_.clock.now();
    if (told_at_ && now - *told_at_ < told_every) return;
    told_at_ = now;
    parts_.log.warn("client_errors.not_forwarded", {{"code", answer ? std::string("status") : answer.error().code()},
                                                    {"status", answer ? answer->status : 0}});
}

}  // namespace orderflow
