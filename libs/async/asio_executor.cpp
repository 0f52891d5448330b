#include "libs/async/asio_executor.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace orderflow {

// One steady_timer stands for the earliest entry of the map; arming is cheaper than a timer object per wait.
struct AsioExecutor::State : std::enable_shared_from_this<State> {
    using Key = std::pair<Instant, std::uint64_t>;

    State(boost::asio::any_io_executor l, const Clock& c) : loop(std::move(l)), clock(c), timer(loop) {}

    void arm() {  // on the loop
        Instant first{};
        {
            const std::lock_guard lock(mutex);
            if (closed || timers.empty()) return;
            first = timers.begin()->first.first;
        }
        timer.expires_after(std::max(BootClock::duration::zero(), first - clock.now()));
        timer.async_wait([self = shared_from_this()](const boost::system::error_code& stopped) {
            if (!stopped) self->run_due();
        });
    }

    void run_due() {  // on the loop
        for (;;) {
            Work work;
            {
                const std::lock_guard lock(mutex);
                if (closed || timers.empty() || timers.begin()->first.first > clock.now()) break;
                auto due = timers.extract(timers.begin());
                times.erase(due.key().second);
                work = std::move(due.mapped());
            }
            work();
        }
        arm();
    }

    boost::asio::any_io_executor loop;
    const Clock& clock;
    boost::asio::steady_timer timer;
    std::mutex mutex;
    std::map<Key, Work> timers;
    std::unordered_map<std::uint64_t, Instant> times;
    std::uint64_t next_id = 1;
    bool closed = false;
};

AsioExecutor::AsioExecutor(boost::asio::any_io_executor loop, const Clock& clock)
    : state_(std::make_shared<State>(std::move(loop), clock)) {}

AsioExecutor::~AsioExecutor() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->closed = true;
        state_->timers.clear();
        state_->times.clear();
    }
    state_->timer.cancel();
}

void AsioExecutor::post(Work work) { boost::asio::post(state_->loop, std::move(work)); }

Executor::TimerId AsioExecutor::post_at(Instant at, Work work) {
    std::uint64_t id = 0;
    bool first = false;
    {
        const std::lock_guard lock(state_->mutex);
        id = state_->next_id++;
        const auto placed = state_->timers.emplace(State::Key(at, id), std::move(work)).first;
        state_->times.emplace(id, at);
        first = placed == state_->timers.begin();
    }
    if (first) boost::asio::post(state_->loop, [state = state_] { state->arm(); });
    return TimerId{id};
}

void AsioExecutor::cancel(TimerId id) {
    const std::lock_guard lock(state_->mutex);
    const auto known = state_->times.find(std::to_underlying(id));
    if (known == state_->times.end()) return;
    state_->timers.erase(State::Key(known->second, known->first));
    state_->times.erase(known);
}

}  // namespace orderflow
