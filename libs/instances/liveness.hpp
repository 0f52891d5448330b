// Which instances live, as their rows tell it. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "libs/instances/instance_row.hpp"

namespace orderflow::instances {

enum class Life : std::uint8_t {
    live,
    stopped,  // it said that it comes to its end
    gone,     // silent for gone_after
};
inline constexpr int life_count = static_cast<int>(Life::gone) + 1;
std::string_view to_string(Life life) noexcept;

// Three reports that did not come.
inline constexpr std::chrono::seconds gone_after{30};

// `row`: the last one of the instance. `now`: of a clock that agrees with that of the instance by a few seconds.
Life life_of(const InstanceRow& row, WallTime now);

// How many live instances take requests; at least 1: the one that asks. Nothing when no worker lives: then nobody
// writes rows, and their silence says nothing about the APIs.
std::optional<std::int64_t> live_apis(std::span<const InstanceRow> newest, WallTime now);

}  // namespace orderflow::instances
