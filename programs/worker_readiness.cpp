#include "programs/worker_readiness.hpp"

#include <fmt/ranges.h>

#include <utility>

#include "libs/async/answer_within.hpp"

namespace orderflow {
namespace {

using Steps = Result<std::vector<Result<orders::Step>>>;

// Pure. `state` and `store` are empty when there was no answer in time.
std::optional<std::string> why_not_ready(const std::optional<worker::WorkerState>& state,
                                         const std::optional<Steps>& store, const std::vector<QueueAnswer>& queues) {
    std::string why;
    const auto add = [&why](const std::string& sentence) { why += (why.empty() ? "" : " ") + sentence; };
    if (!state) add("The worker's loop does not answer.");
    if (!store) {
        add("The order store does not answer.");
    } else if (!*store) {
        add("The order store does not work (" + store->error().code() + ").");
    } else if (state && state->store_is_down) {
        add("The order store takes no changes.");
    }
    for (const auto& name : state ? state->stalled : std::vector<std::string>()) {
        add("Receives of the queue " + name + " hang beyond every deadline.");
    }
    for (const auto& [name, wrong] : queues) {
        if (wrong) add("The queue " + name + " does not answer (" + wrong->code() + ").");
    }
    if (why.empty()) return std::nullopt;
    return why;
}

std::string remark_of(const std::optional<worker::WorkerState>& state) {
    if (!state || state->paused.empty()) return {};
    return fmt::format("Receiving is paused: {}.", fmt::join(state->paused, ", "));
}

}  // namespace

WorkerReadiness::WorkerReadiness(Parts parts, orders::LoopParts loop)
    : parts_(std::move(parts)),
      loop_(std::move(loop)),
      answer_(loop_.timers, loop_.clock, answer_good_for, [this] { return ask(); }) {}

// Queues, store and worker in turn share one deadline: the queues take what they need of it, and who is well answers
// within what is left.
task<Readiness> WorkerReadiness::ask() {
    const auto now = loop_.clock.now();
    const auto until = now + patience;
    const auto state = co_await answer_within(loop_.spawn, loop_.timers, parts_.state(), now + patience / 4);
    // Nothing to change: whether the store's writer gets to its work.
    const auto store =
        co_await answer_within(loop_.spawn, loop_.timers, parts_.store.apply({}), now + patience * 3 / 4);
    const auto queues = co_await ask_queues(loop_.spawn, loop_.timers, parts_.queues, until);
    co_return Readiness(why_not_ready(state, store, queues), remark_of(state));
}

}  // namespace orderflow
