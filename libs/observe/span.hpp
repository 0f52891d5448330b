// SpanRecord: one finished piece of work of a trace, in the terms of OpenTelemetry.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "libs/observe/trace_context.hpp"

namespace orderflow::observe {

// The numbers are OTLP's.
enum class SpanKind : std::uint8_t { internal = 1, server = 2, client = 3, producer = 4, consumer = 5 };

struct SpanRecord {
    // Keys are text of the program; where there is one, the name of OpenTelemetry's semantic conventions.
    struct Attribute {
        std::string_view key;
        std::variant<std::string, std::int64_t, bool> value;
    };

    TraceContext context;
    std::array<std::uint8_t, 8> parent{};  // zero: the first of its trace
    SpanKind kind = SpanKind::internal;
    std::string name;
    std::int64_t start_ns = 0;  // since 1970
    std::int64_t end_ns = 0;
    std::vector<Attribute> attributes;
    std::string error;  // a code; empty: it went well
};

// Two lower-case digits a byte: how ids are written.
std::string hex(std::span<const std::uint8_t> bytes);

// Where finished spans go.
class SpanSink {
  public:
    virtual ~SpanSink() = default;
    // Quick; keeps or drops it. Any thread.
    virtual void take(SpanRecord span) noexcept = 0;
};

}  // namespace orderflow::observe
