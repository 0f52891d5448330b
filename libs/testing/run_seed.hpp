// The seed of a random test: ORDERFLOW_SEED, else 1, so that every run of the suite is the same and a nightly run can
// vary it. A test prints the seed of what failed.
#pragma once

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace orderflow {

inline std::uint64_t run_seed() {
    const char* const given = std::getenv("ORDERFLOW_SEED");
    if (given == nullptr) return 1;
    const std::string_view text(given);
    std::uint64_t seed = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), seed);
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) std::abort();
    return seed;
}

}  // namespace orderflow
