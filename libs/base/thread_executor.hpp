// ThreadExecutor: an Executor with a thread of its own, for work that blocks (SQLite, fdatasync).
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

#include "libs/base/executor.hpp"

namespace orderflow {

class ThreadExecutor final : public Executor {
  public:
    // `name` is what the operating system shows for the thread (15 characters at most are kept).
    ThreadExecutor(const Clock& clock, std::string name);
    // Stops: see stop().
    ~ThreadExecutor() override;
    ThreadExecutor(const ThreadExecutor&) = delete;
    ThreadExecutor& operator=(const ThreadExecutor&) = delete;

    void post(Work work) override;
    TimerId post_at(Instant at, Work work) override;
    void cancel(TimerId id) override;

    // Runs what was posted before the call, drops the timers and what is posted later, joins the thread.
    // Idempotent. Not to be called on the executor's own thread.
    void stop();

  private:
    using Key = std::pair<Instant, std::uint64_t>;  // time, then order of arrival

    void run();
    bool take_due(std::unique_lock<std::mutex>& lock, Work& out);

    const Clock& clock_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Work> ready_;
    std::map<Key, Work> timers_;
    std::unordered_map<std::uint64_t, Instant> timer_times_;
    std::uint64_t next_timer_ = 1;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace orderflow
