// CallBatcher: entries that come while calls are under way share the next call; an entry that comes while none is goes
// at once. For deletes and visibility changes, which Amazon SQS takes ten at a time.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <utility>
#include <vector>

#include "libs/async/completion.hpp"
#include "libs/async/spawner.hpp"
#include "libs/base/result.hpp"

namespace orderflow::worker {

// For one loop. Must outlive its callers' waits.
template <class Entry>
class CallBatcher {
  public:
    // One answer per entry, in their order.
    using Call = std::function<task<Result<std::vector<Result<void>>>>(std::vector<Entry>)>;

    CallBatcher(Spawner spawn, Call call, std::size_t entries_max, std::size_t calls_max)
        : spawn_(std::move(spawn)), call_(std::move(call)), entries_max_(entries_max), calls_max_(calls_max) {}
    CallBatcher(const CallBatcher&) = delete;
    CallBatcher& operator=(const CallBatcher&) = delete;

    // The answer for this entry; an error of the whole call is the answer of each of its entries.
    task<Result<void>> submit(Entry entry) {
        co_return co_await await_completion<Result<void>>([&](Completion<Result<void>> done) {
            waiting_.emplace_back(std::move(entry), std::move(done));
            if (calls_ >= calls_max_) return;
            ++calls_;
            spawn_(run());  // begins in a later turn: entries of the same turn share it
        });
    }

  private:
    struct Waiting {
        Waiting(Entry e, Completion<Result<void>> d) : entry(std::move(e)), done(std::move(d)) {}
        Entry entry;
        Completion<Result<void>> done;
    };

    task<void> run() {
        while (!waiting_.empty()) {
            std::vector<Entry> entries;
            std::vector<Completion<Result<void>>> waiters;
            while (!waiting_.empty() && entries.size() < entries_max_) {
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

    Spawner spawn_;
    Call call_;
    std::size_t entries_max_;
    std::size_t calls_max_;
    std::size_t calls_ = 0;
    std::deque<Waiting> waiting_;
};

}  // namespace orderflow::worker
