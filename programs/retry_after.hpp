// retry_after(): what an answer of somebody else's service says about the next try.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "libs/base/clock.hpp"
#include "libs/net/answer_parser.hpp"

namespace orderflow {

// Retry-After in whole seconds, an hour at most; nothing when it is not there, a date, or unreadable.
inline std::optional<BootClock::duration> retry_after(const net::ClientAnswer& answer) {
    constexpr std::int64_t longest_s = 3600;
    const auto* text = answer.find("Retry-After");
    std::int64_t seconds = 0;
    if (text == nullptr) return std::nullopt;
    const auto* end = text->data() + text->size();
    const auto read = std::from_chars(text->data(), end, seconds);
    if (read.ec != std::errc() || read.ptr != end || seconds < 0) return std::nullopt;
    return std::chrono::seconds(std::min(seconds, longest_s));
}

}  // namespace orderflow
