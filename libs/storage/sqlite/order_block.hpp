// Blocks of 1024 consecutive order numbers, each with the time of its oldest order: a search for orders created before
// a time passes over the blocks in which there is none. Orders are not numbered in the order of their creation (one may
// come from the dead letters after days), so that a bound like `created_bound` does not help here.
#pragma once

#include <cstdint>

namespace orderflow::storage {

// Also in a migration in schema.hpp.
inline constexpr std::int64_t orders_of_block = 1024;

constexpr std::int64_t block_of(std::int64_t number) noexcept { return number / orders_of_block; }

// The lowest number that is behind the block.
constexpr std::int64_t end_of_block(std::int64_t block) noexcept { return (block + 1) * orders_of_block; }

}  // namespace orderflow::storage
