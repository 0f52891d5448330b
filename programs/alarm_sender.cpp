#include "programs/alarm_sender.hpp"

#include <utility>

namespace orderflow {
namespace {

observe::Counter& ended(observe::Metrics& metrics, const char* outcome) {
    return metrics.counter("orderflow_alarm_messages_total", "Messages about alarms, by what became of them.",
                           {{"outcome", outcome}});
}

bool is_taken(int status) { return status >= 200 && status < 300; }
// Another try would be answered in the same way.
bool is_final(int status) { return status >= 300 && status < 500 && status != 408 && status != 429; }

}  // namespace

AlarmSender::AlarmSender(Parts parts, Post post)
    : parts_(parts),
      post_(std::move(post)),
      more_(parts.timers),
      sent_(ended(parts.metrics, "sent")),
      failed_(ended(parts.metrics, "failed")),
      dropped_(ended(parts.metrics, "dropped")) {}

void AlarmSender::send(std::string body) {
    if (waiting_.size() == waiting_max) {
        waiting_.pop_front();
        dropped_.add();
    }
    waiting_.push_back(std::move(body));
    more_.notify();
}

task<void> AlarmSender::run() {
    for (;;) {
        while (waiting_.empty()) co_await more_.wait_until(Instant::max());
        auto body = std::move(waiting_.front());
        waiting_.pop_front();
        co_await bring(std::move(body));
    }
}

task<void> AlarmSender::bring(std::string body) {
    auto wait = first_wait;
    for (int tries = 1;; ++tries) {
        const auto status = co_await post_(body, parts_.clock.now() + answer_time);
        if (status && is_taken(*status)) {
            sent_.add();
            co_return;
        }
        // What the address says may be a secret; it is not logged.
        parts_.log.warn("alarm.not_sent", {{"try", tries},
                                           {"code", status ? std::string("status") : status.error().code()},
                                           {"status", status ? *status : 0}});
        if (tries == tries_max || (status && is_final(*status))) break;
        co_await sleep_until(parts_.timers, parts_.clock.now() + wait);
        wait *= 4;
    }
    failed_.add();
}

}  // namespace orderflow
