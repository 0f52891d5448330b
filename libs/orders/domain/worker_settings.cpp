#include "libs/orders/domain/worker_settings.hpp"

#include <array>

namespace orderflow::orders {
namespace {

constexpr std::array<std::string_view, DirectWorkers::action_count> names{"pause", "resume", "limit"};

}  // namespace

std::string_view to_string(DirectWorkers::Action action) noexcept { return names[static_cast<std::size_t>(action)]; }

std::optional<DirectWorkers::Action> parse_workers_action(std::string_view text) noexcept {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == text) return static_cast<DirectWorkers::Action>(i);
    }
    return std::nullopt;
}

std::optional<WorkerSettings> directed(const WorkerSettings& settings, const DirectWorkers& direct,
                                       const std::string& command_id, WallTime asked_at) {
    auto after = settings;
    const bool limits = direct.action == DirectWorkers::Action::limit;
    auto& origin = limits ? after.limited_by : after.paused_by;
    if (origin.asked_at > asked_at) return std::nullopt;
    origin = {.command_id = command_id, .asked_at = asked_at};
    if (limits) {
        after.in_progress_max = direct.in_progress_max;
    } else {
        after.paused = direct.action == DirectWorkers::Action::pause;
    }
    return after;
}

}  // namespace orderflow::orders
