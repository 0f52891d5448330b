// CallBatcher: entries share calls. The first one waits `linger` for company, until its call is full; what comes while
// as many calls as allowed are under way shares the next. For deletes and visibility changes: Amazon SQS takes ten at a
// time and bills by the call, our own journal syncs once a call, and nobody waits for them.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <stop_token>
#include <utility>
#include <vector>

#include "libs/async/completion.hpp"
#include "libs/async/sleep.hpp"
#include "libs/base/result.hpp"
#include "libs/orders/application/intake/loop_parts.hpp"

namespace orderflow::worker {

struct CallLimits {
    std::size_t entries = 10;             // of one call
    std::size_t calls = 1;                // outstanding at once
    std::chrono::milliseconds linger{0};  // a first entry waits so long for company
};

// For one loop. Must outlive its callers' waits, and nothing else: a wait for company whose callers were answered by
// another call ends by itself.
template <class Entry>
class CallBatcher {
  public:
    // One answer per entry, in their order.
    using Call = std::function<task<Result<std::vector<Result<void>>>>(std::vector<Entry>)>;

    CallBatcher(orders::LoopParts loop, Call call, CallLimits limits)
        : loop_(std::move(loop)), call_(std::move(call)), limits_(limits) {}
    CallBatcher(const CallBatcher&) = delete;
    CallBatcher& operator=(const CallBatcher&) = delete;
    ~CallBatcher() { company_.request_stop(); }

    // The answer for this entry; an error of the whole call is the answer of each of its entries.
    task<Result<void>> submit(Entry entry) {
        co_return co_await await_completion<Result<void>>([&](Completion<Result<void>> done) {
            waiting_.emplace_back(std::move(entry), std::move(done));
            if (!gathering_) begin_run();
            if (gathering_ && waiting_.size() >= limits_.entries) company_.request_stop();
        });
    }

    // No entry waits for company any more: what is left is to go at once.
    void hurry() {
        hurried_ = true;
        company_.request_stop();
    }

  private:
    struct Waiting {
        Waiting(Entry e, Completion<Result<void>> d) : entry(std::move(e)), done(std::move(d)) {}
        Entry entry;
        Completion<Result<void>> done;
    };

    void begin_run() {
        if (calls_ >= limits_.calls) return;
        gathering_ = true;
        ++calls_;
        company_ = std::stop_source();
        loop_.spawn(run(alive_));  // begins in a later turn: entries of the same turn share it
    }

    // Until it has taken entries nothing holds the batcher for it: another run may have answered those it began for.
    task<void> run(std::weak_ptr<bool> alive) {
        if (alive.expired()) co_return;
        if (limits_.linger > limits_.linger.zero() && !hurried_) {
            co_await sleep_until(loop_.timers, loop_.clock.now() + limits_.linger, company_.get_token());
            if (alive.expired()) co_return;
        }
        gathering_ = false;
        while (!waiting_.empty()) {
            std::vector<Entry> entries;
            std::vector<Completion<Result<void>>> waiters;
            while (!waiting_.empty() && entries.size() < limits_.entries) {
                entries.push_back(std::move(waiting_.front().entry));
                waiters.push_back(std::move(waiting_.front().done));
                waiting_.pop_front();
            }
            auto answers = co_await call_(std::move(entries));
            for (std::size_t i = 0; i < waiters.size(); ++i) {
                waiters[i].complete(answer_of(answers, i));
            }
        }
        --calls_;
    }

    static Result<void> answer_of(Result<std::vector<Result<void>>>& answers, std::size_t i) {
        if (!answers) return fail(Error(answers.error()));
        if (i >= answers->size()) return fail(ErrorKind::internal, "queue.answer_missing");
        return std::move((*answers)[i]);
    }

    orders::LoopParts loop_;
    Call call_;
    CallLimits limits_;
    std::stop_source company_;  // of the run that gathers: it waits for no more
    bool hurried_ = false;
    bool gathering_ = false;
    std::size_t calls_ = 0;
    std::deque<Waiting> waiting_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace orderflow::worker
