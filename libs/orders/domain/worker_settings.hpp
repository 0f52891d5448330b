// WorkerSettings: what an operator has told all workers, as it stands in the order store; and how a command changes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libs/base/clock.hpp"

namespace orderflow::orders {

namespace limits {
inline constexpr std::int32_t workers_in_progress_max = 2048;  // as many as a worker takes by itself
}  // namespace limits

// What somebody asked for, and with which command; empty: nobody has.
struct SettingOrigin {
    std::string command_id{};
    WallTime asked_at{};
    friend bool operator==(const SettingOrigin&, const SettingOrigin&) = default;
};

struct WorkerSettings {
    bool paused = false;
    SettingOrigin paused_by{};
    // Orders that one worker works on at once, 1 to workers_in_progress_max; nothing: its own limit.
    std::optional<std::int32_t> in_progress_max{};
    SettingOrigin limited_by{};
    friend bool operator==(const WorkerSettings&, const WorkerSettings&) = default;
};

// Told to all workers.
struct DirectWorkers {
    enum class Action : std::uint8_t {
        pause,   // take no orders and no dead letters; commands go on, or else resume could not arrive
        resume,  // undoes it
        limit,   // work on so many orders at once
    };
    static constexpr int action_count = static_cast<int>(Action::limit) + 1;
    Action action = Action::pause;
    std::optional<std::int32_t> in_progress_max{};  // of limit; nothing: back to the worker's own
    friend bool operator==(const DirectWorkers&, const DirectWorkers&) = default;
};
std::string_view to_string(DirectWorkers::Action action) noexcept;
std::optional<DirectWorkers::Action> parse_workers_action(std::string_view text) noexcept;

// The settings after a command, or nothing when a later one about the same has been carried out: a queue does not keep
// the order of messages. Of two that were asked for in the same moment the one that comes last stands.
std::optional<WorkerSettings> directed(const WorkerSettings& settings, const DirectWorkers& direct,
                                       const std::string& command_id, WallTime asked_at);

}  // namespace orderflow::orders
