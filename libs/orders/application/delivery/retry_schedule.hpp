// The schedule of attempts to deliver an event. Pure; randomness is an argument.
// Source: Standard Webhooks specification 1.0, "Deliverability and reliability".
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

namespace orderflow::orders {

// Waits before the second attempt, the third and so on: 75 h 35 min 5 s together.
inline constexpr std::array<std::chrono::seconds, 9> retry_steps{
    std::chrono::seconds(5), std::chrono::minutes(5), std::chrono::minutes(30),
    std::chrono::hours(2),   std::chrono::hours(5),   std::chrono::hours(10),
    std::chrono::hours(14),  std::chrono::hours(20),  std::chrono::hours(24)};
inline constexpr std::int32_t attempts_max = static_cast<std::int32_t>(retry_steps.size()) + 1;

// What a receiver may ask for with Retry-After.
inline constexpr std::chrono::hours retry_after_max{1};
inline constexpr std::chrono::milliseconds retry_wait_min{500};

// The wait after `attempts` that failed (1 to attempts_max - 1): uniform between nothing and twice the step (full
// jitter whose mean is the step), retry_wait_min at least. `random` is uniform.
std::chrono::milliseconds retry_wait(std::int32_t attempts, std::uint64_t random);

}  // namespace orderflow::orders
