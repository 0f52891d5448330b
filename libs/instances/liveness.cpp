#include "libs/instances/liveness.hpp"

#include <algorithm>
#include <array>

namespace orderflow::instances {
namespace {

constexpr std::array<std::string_view, life_count> names{"live", "stopped", "gone"};

}  // namespace

std::string_view to_string(Life life) noexcept { return names[static_cast<std::size_t>(life)]; }

Life life_of(const InstanceRow& row, WallTime now) {
    if (row.last) return Life::stopped;
    return now - row.until < gone_after ? Life::live : Life::gone;
}

std::optional<std::int64_t> live_apis(std::span<const InstanceRow> newest, WallTime now) {
    std::int64_t apis = 0;
    bool written = false;
    for (const auto& row : newest) {
        if (life_of(row, now) != Life::live) continue;
        if (has_api(row.role)) ++apis;
        if (has_worker(row.role)) written = true;
    }
    if (!written) return std::nullopt;
    return std::max<std::int64_t>(apis, 1);
}

}  // namespace orderflow::instances
