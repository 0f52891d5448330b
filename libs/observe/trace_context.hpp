// TraceContext: the `traceparent` of W3C Trace Context (level 1), which travels from the request through the queue to
// the worker. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libs/base/entropy.hpp"

namespace orderflow::observe {

struct TraceContext {
    std::array<std::uint8_t, 16> trace_id{};  // not all zero
    std::array<std::uint8_t, 8> span_id{};    // of whoever calls; not all zero
    bool sampled = false;

    // As the recommendation's section 3.2 wants it: lower-case hexadecimal, no zero ids, version ff refused, a later
    // version read by its first four fields. nullopt: start a trace of one's own.
    static std::optional<TraceContext> parse(std::string_view traceparent);
    // A trace of one's own, sampled.
    static TraceContext start(Entropy& entropy);
    // The same trace, for what is called next.
    TraceContext child(Entropy& entropy) const;

    // "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    std::string to_string() const;
    // 32 hexadecimal digits, for log lines.
    std::string trace_id_text() const;

    friend bool operator==(const TraceContext&, const TraceContext&) = default;
};

}  // namespace orderflow::observe
