#include "api-service/overview_desk.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "libs/async/answer_within.hpp"
#include "libs/contract/overview_resource.hpp"
#include "libs/orders/ports/queue_names.hpp"

namespace orderflow::api {
namespace {

// A read of the history at a time: what it answers is in memory at once.
constexpr std::chrono::minutes history_slice{30};

std::int64_t whole(std::uint64_t count) { return static_cast<std::int64_t>(count); }

instances::QueueLevel level_of(std::string name, const orders::QueueCounts& counts) {
    return {.queue = std::move(name),
            .visible = whole(counts.visible),
            .in_flight = whole(counts.in_flight),
            .delayed = whole(counts.delayed),
            .oldest_age = counts.oldest_age};
}

}  // namespace

// Only one makes the overview.
class OverviewDesk::Turn {
  public:
    explicit Turn(OverviewDesk& of) : of_(of) {}
    ~Turn() {
        const std::lock_guard lock(of_.mutex_);
        of_.making_ = false;
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

  private:
    OverviewDesk& of_;
};

task<Result<std::shared_ptr<const std::string>>> OverviewDesk::overview(orders::LoopParts loop) {
    bool alone = false;  // nobody has made one yet, and somebody does: then this one is made for the caller only
    {
        const std::lock_guard lock(mutex_);
        const bool fresh = made_.text && loop.clock.now() - made_.at < good_for;
        if (fresh || (making_ && made_.text)) co_return made_.text;
        alone = std::exchange(making_, true);
    }
    std::optional<Turn> turn;
    if (!alone) turn.emplace(*this);
    auto text = co_await make(loop);
    if (!text) {
        const std::lock_guard lock(mutex_);
        made_ = {};  // nobody is told of what was
        co_return fail(std::move(text).error());
    }
    const auto shared = std::make_shared<const std::string>(*std::move(text));
    const std::lock_guard lock(mutex_);
    made_ = {.text = shared, .at = loop.clock.now()};
    co_return shared;
}

task<Result<std::string>> OverviewDesk::make(orders::LoopParts loop) {
    auto queues = co_await ask_queues(loop);
    const auto now = parts_.clock.wall();
    auto newest = co_await parts_.instance_rows.newest_rows(now - told_for);
    if (!newest) co_return fail(std::move(newest).error());
    const auto rows =
        co_await parts_.instance_rows.rows(now - instances::recent - instances::reports_every, now + instances::recent);
    if (!rows) co_return fail(rows.error());
    const auto groups = co_await parts_.operators.letter_groups(orders::LetterState::open);
    if (!groups) co_return fail(groups.error());
    const auto settings = co_await parts_.operators.worker_settings();
    if (!settings) co_return fail(settings.error());
    contract::OverviewExtras extras{.workers = *settings, .oldest_age = parts_.orders_queue.tells_age()};
    for (const auto& group : *groups) extras.dead_letters_open += group.count;
    co_return contract::encode_overview(
        overview_of(*std::move(newest), *rows, std::move(queues), settings->paused, now), extras);
}

task<std::vector<instances::QueueLevel>> OverviewDesk::ask_queues(orders::LoopParts loop) {
    std::vector<instances::QueueLevel> levels;
    const auto until = loop.clock.now() + queue_patience;
    const std::array<std::pair<const char*, orders::MessageQueue*>, 2> queues{
        {{orders::orders_queue, &parts_.orders_queue}, {orders::commands_queue, &parts_.commands_queue}}};
    for (const auto& [name, queue] : queues) {
        const auto counts = co_await answer_within(loop.spawn, loop.timers, queue->counts(), until);
        if (counts && *counts) levels.push_back(level_of(name, **counts));
    }
    co_return levels;
}

task<Result<std::string>> OverviewDesk::history(WallTime from, WallTime until, std::chrono::seconds step) {
    instances::History history(from, until, step);
    for (auto at = from; at < until; at += history_slice) {
        const auto rows = co_await parts_.instance_rows.rows(at, std::min<WallTime>(at + history_slice, until));
        if (!rows) co_return fail(rows.error());
        history.add(*rows);
    }
    co_return contract::encode_history(std::move(history).take(), step);
}

task<Result<std::string>> OverviewDesk::workers() {
    const auto settings = co_await parts_.operators.worker_settings();
    if (!settings) co_return fail(settings.error());
    const auto now = parts_.clock.wall();
    auto newest = co_await parts_.instance_rows.newest_rows(now - told_for);
    if (!newest) co_return fail(std::move(newest).error());
    std::vector<instances::InstanceState> states;
    for (auto& row : *newest) {
        const auto life = life_of(row, now);
        states.push_back({std::move(row), life});
    }
    co_return contract::encode_workers(*settings, states);
}

}  // namespace orderflow::api
