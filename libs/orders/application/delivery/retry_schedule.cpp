#include "libs/orders/application/delivery/retry_schedule.hpp"

#include <algorithm>

namespace orderflow::orders {

std::chrono::milliseconds retry_wait(std::int32_t attempts, std::uint64_t random) {
    const auto last = static_cast<std::int32_t>(retry_steps.size()) - 1;
    const auto step = retry_steps[static_cast<std::size_t>(std::clamp(attempts - 1, 0, last))];
    const auto longest = static_cast<std::uint64_t>(std::chrono::milliseconds(step * 2).count());
    const auto drawn = static_cast<std::uint64_t>((static_cast<unsigned __int128>(random) * longest) >> 64U);
    return std::max(retry_wait_min, std::chrono::milliseconds(static_cast<std::int64_t>(drawn)));
}

}  // namespace orderflow::orders
