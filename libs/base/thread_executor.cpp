#include "libs/base/thread_executor.hpp"

#include <pthread.h>

#include <utility>

namespace orderflow {

ThreadExecutor::ThreadExecutor(const Clock& clock, std::string name) : clock_(clock) {
    thread_ = std::thread([this] { run(); });
    name.resize(std::min<std::size_t>(name.size(), 15));
    pthread_setname_np(thread_.native_handle(), name.c_str());
}

ThreadExecutor::~ThreadExecutor() { stop(); }

void ThreadExecutor::post(Work work) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return;
        ready_.push_back(std::move(work));
        if (ready_.size() > 1) return;  // the thread was already told
    }
    wake_.notify_one();
}

Executor::TimerId ThreadExecutor::post_at(Instant at, Work work) {
    bool first = false;
    std::uint64_t id = 0;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return TimerId::none;
        id = next_timer_++;
        const auto placed = timers_.emplace(Key(at, id), std::move(work)).first;
        timer_times_.emplace(id, at);
        first = placed == timers_.begin();
    }
    if (first) wake_.notify_one();
    return TimerId{id};
}

void ThreadExecutor::cancel(TimerId id) {
    const std::lock_guard lock(mutex_);
    const auto known = timer_times_.find(std::to_underlying(id));
    if (known == timer_times_.end()) return;
    timers_.erase(Key(known->second, known->first));
    timer_times_.erase(known);
}

void ThreadExecutor::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        timers_.clear();
        timer_times_.clear();
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

// Timers that are due come before posted work, so that a flood of posts cannot hold a lease's end back.
bool ThreadExecutor::take_due(std::unique_lock<std::mutex>& lock, Work& out) {
    for (;;) {
        if (!timers_.empty() && timers_.begin()->first.first <= clock_.now()) {
            auto due = timers_.extract(timers_.begin());
            timer_times_.erase(due.key().second);
            out = std::move(due.mapped());
            return true;
        }
        if (!ready_.empty()) {
            out = std::move(ready_.front());
            ready_.pop_front();
            return true;
        }
        if (stopping_) return false;
        if (timers_.empty()) {
            wake_.wait(lock);
        } else {
            wake_.wait_for(lock, timers_.begin()->first.first - clock_.now());
        }
    }
}

void ThreadExecutor::run() {
    std::unique_lock lock(mutex_);
    Work work;
    while (take_due(lock, work)) {
        lock.unlock();
        work();
        work = nullptr;
        lock.lock();
    }
}

}  // namespace orderflow
