#include "worker-service/settings_watch.hpp"

#include <utility>

#include "libs/async/answer_within.hpp"

namespace orderflow::worker {

SettingsWatch::SettingsWatch(orders::OperatorReader& reader, WorkerService& worker, orders::LoopParts loop)
    : reader_(reader), worker_(worker), loop_(std::move(loop)), gate_(loop_.timers) {}

task<void> SettingsWatch::start() {
    co_await refresh();
    loop_.spawn(run(gate_.enter()));
}

task<void> SettingsWatch::refresh() {
    (void)co_await answer_within(loop_.spawn, loop_.timers, look_once(gate_.enter()), loop_.clock.now() + first_look);
}

task<bool> SettingsWatch::stop(Instant until) {
    ask_to_stop();
    co_return co_await gate_.drain_until(until);
}

task<bool> SettingsWatch::look_once(Gate::Pass pass) { co_return co_await look(); }

task<void> SettingsWatch::run(Gate::Pass pass) {
    const auto stop = stop_.get_token();
    while (!stop.stop_requested()) {
        co_await sleep_until(loop_.timers, loop_.clock.now() + looks_every, stop);
        if (!stop.stop_requested()) (void)co_await look();
    }
}

// Settings that cannot be read stay as they are.
task<bool> SettingsWatch::look() {
    auto settings = co_await reader_.worker_settings();
    if (!settings || stop_.stop_requested()) co_return false;
    if (known_ != *settings) worker_.direct(*settings);
    known_ = *std::move(settings);
    co_return true;
}

}  // namespace orderflow::worker
