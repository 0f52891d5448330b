#include "libs/testing/sim_threads.hpp"

#include <algorithm>
#include <boost/asio/execution.hpp>
#include <utility>

namespace orderflow {

// What Asio asks of an executor: a copyable name of the thread.
class SimThreads::LoopExecutor {
  public:
    explicit LoopExecutor(Thread& thread) : thread_(&thread) {}

    boost::asio::execution_context& query(boost::asio::execution::context_t) const noexcept {
        return thread_->all_.context_;
    }
    static constexpr boost::asio::execution::blocking_t query(boost::asio::execution::blocking_t) noexcept {
        return boost::asio::execution::blocking.never;
    }
    template <class Function>
    void execute(Function function) const {
        thread_->post([work = std::move(function)]() mutable { std::move(work)(); });
    }
    friend bool operator==(const LoopExecutor& a, const LoopExecutor& b) noexcept { return a.thread_ == b.thread_; }
    friend bool operator!=(const LoopExecutor& a, const LoopExecutor& b) noexcept { return a.thread_ != b.thread_; }

  private:
    Thread* thread_;
};

boost::asio::any_io_executor SimThreads::Thread::loop() { return boost::asio::any_io_executor(LoopExecutor(*this)); }

Executor::TimerId SimThreads::Thread::post_at(Instant at, Work work) {
    const auto id = all_.next_timer_++;
    timers_.emplace(std::pair(at, id), std::move(work));
    return TimerId{id};
}

void SimThreads::Thread::cancel(TimerId id) {
    std::erase_if(timers_, [id](const auto& timer) { return timer.first.second == std::to_underlying(id); });
}

void SimThreads::Thread::clear() {
    while (!timers_.empty() || !ready_.empty()) {
        std::exchange(timers_, {}).clear();
        std::exchange(ready_, {}).clear();
    }
    stalled_until_ = {};
}

std::optional<Instant> SimThreads::Thread::next_time() const {
    if (!ready_.empty()) return stalled_until_;
    if (timers_.empty()) return std::nullopt;
    return std::max(timers_.begin()->first.first, stalled_until_);
}

void SimThreads::Thread::fire_due(Instant now) {
    while (!timers_.empty() && timers_.begin()->first.first <= now) {
        ready_.push_back(std::move(timers_.extract(timers_.begin()).mapped()));
    }
}

SimThreads::~SimThreads() {
    for (auto& thread : threads_) thread->clear();
}

SimThreads::Thread& SimThreads::add(std::string name) {
    threads_.push_back(std::make_unique<Thread>(*this, std::move(name)));
    return *threads_.back();
}

const SimThreads::Thread* SimThreads::step(Instant until) {
    for (;;) {
        runnable_.clear();
        std::optional<Instant> next;
        for (auto& thread : threads_) {
            thread->fire_due(clock_.now());
            if (thread->can_run(clock_.now())) runnable_.push_back(thread.get());
            const auto at = thread->next_time();
            if (at && (!next || *at < *next)) next = at;
        }
        if (!runnable_.empty()) break;
        const auto at = std::min(next.value_or(until), until);
        if (at > clock_.now()) clock_.advance(at - clock_.now());
        if (!next || *next > until) return nullptr;
    }
    auto& thread = *runnable_[entropy_.below(runnable_.size())];
    clock_.advance(std::chrono::microseconds(entropy_.below(static_cast<std::uint64_t>(turn_max.count()))));
    auto work = std::move(thread.ready_.front());
    thread.ready_.pop_front();
    work();
    return &thread;
}

}  // namespace orderflow
