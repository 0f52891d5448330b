#include "libs/orders/application/processing/group_applier.hpp"

#include <algorithm>
#include <utility>

#include "libs/async/sleep.hpp"
#include "libs/base/invariant.hpp"
#include "libs/base/safeguard.hpp"

namespace orderflow::orders {
namespace {

Error stopping() { return {ErrorKind::unavailable, "worker.stopping"}; }

bool is_down(ErrorKind kind) { return kind == ErrorKind::unavailable || kind == ErrorKind::throttled; }

}  // namespace

task<Result<Step>> GroupApplier::apply(Change change, Lane lane) {
    if (stopped_) co_return fail(stopping());
    co_return co_await await_completion<Result<Step>>([&](Completion<Result<Step>> done) {
        (lane.urgent ? urgent_ : normal_).emplace_back(std::move(change), lane, std::move(done));
        if (!std::exchange(running_, true)) loop_.spawn(run());
        if (is_due()) due_.notify();
    });
}

void GroupApplier::stop() {
    stopped_ = true;
    refuse_waiting();
}

void GroupApplier::refuse_waiting() {
    waiting_.request_stop();
    waiting_ = std::stop_source();
    for (auto* lane : {&urgent_, &normal_}) {
        for (auto& entry : std::exchange(*lane, {})) entry.done.complete(fail(stopping()));
    }
}

// Ends when nothing waits, so that an idle worker has no coroutine here.
task<void> GroupApplier::run() {
    for (;;) {
        co_await gather();
        auto group = take();
        if (group.empty()) break;
        next_ = loop_.clock.now() + policy_.pace;
        const auto stop = waiting_.get_token();
        std::vector<Change> changes;
        changes.reserve(group.size());
        for (const auto& entry : group) changes.push_back(entry.change);  // kept: it may have to go again
        for (;;) {
            const auto began = loop_.clock.now();
            auto answers = co_await store_.apply(changes);
            const bool down = !answers && is_down(answers.error().kind());
            if (down && co_await pause(answers.error(), stop)) continue;
            if (!down) {
                if (std::exchange(failures_, 0) > 0) observer_.store_up();
                if (answers) observer_.group_applied(group.size(), loop_.clock.now() - began);
            }
            settle(std::move(group), std::move(answers), stop.stop_requested());
            break;
        }
    }
    running_ = false;
}

task<void> GroupApplier::gather() {
    while (!normal_.empty() && !is_due()) co_await due_.wait_until(next_, waiting_.get_token());
}

bool GroupApplier::is_due() const {
    const bool full = urgent_.size() + normal_.size() >= policy_.changes_max;
    return full || !urgent_.empty() || has_no_company() || loop_.clock.now() >= next_;
}

// What comes behind a change that goes alone waits for the next transaction, and so does what stands before one.
bool GroupApplier::has_no_company() const {
    if (normal_.empty()) return false;
    return normal_.front().lane.alone || (normal_.size() > 1 && normal_[1].lane.alone);
}

GroupApplier::Group GroupApplier::take() {
    Group group;
    for (auto* lane : {&urgent_, &normal_}) {
        while (!lane->empty() && group.size() < policy_.changes_max) {
            const bool alone = lane->front().lane.alone;
            if (alone && !group.empty()) return group;
            group.push_back(std::move(lane->front()));
            lane->pop_front();
            if (alone) return group;
        }
    }
    return group;
}

void GroupApplier::settle(Group group, Result<std::vector<Result<Step>>> answers, bool refused) {
    if (answers) {
        ORDERFLOW_INVARIANT(answers->size() == group.size());
        for (std::size_t i = 0; i < group.size(); ++i) group[i].done.complete(std::move((*answers)[i]));
        return;
    }
    const bool several = group.size() > 1 && !is_down(answers.error().kind()) && safeguard(Safeguard::group_isolation);
    if (several && !refused) {
        isolate(std::move(group));
        return;
    }
    // Which of several it was is not known: all of them come again.
    const auto error = several || is_down(answers.error().kind()) ? stopping() : answers.error();
    for (auto& entry : group) entry.done.complete(fail(Error(error)));
}

// One of the group made the whole transaction fail: each goes again on its own, and the guilty one gets its error.
void GroupApplier::isolate(Group group) {
    for (auto entry = group.rbegin(); entry != group.rend(); ++entry) {
        entry->lane.alone = true;
        (entry->lane.urgent ? urgent_ : normal_).push_front(std::move(*entry));
    }
}

// False when the group is to wait no longer.
task<bool> GroupApplier::pause(const Error& why, std::stop_token stop) {
    if (failures_ == 0) observer_.store_down(why);
    const auto wait = full_jitter(policy_.while_down, failures_, entropy_);
    ++failures_;
    if (!stop.stop_requested()) co_await sleep_until(loop_.timers, loop_.clock.now() + wait, stop);
    co_return !stop.stop_requested();
}

}  // namespace orderflow::orders
