// OTLP in JSON: finished spans as the body of a POST to a collector's /v1/traces. Pure.
// Source: OpenTelemetry Protocol 1.x, "JSON Protobuf Encoding": names in lowerCamelCase, ids in hexadecimal, 64-bit
// numbers as decimal strings, enums as numbers.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/observe/span.hpp"

namespace orderflow::observe {

// Who tells: names of the semantic conventions ("service.name") with their values.
using ResourceAttributes = std::vector<std::pair<std::string, std::string>>;

// An ExportTraceServiceRequest. Texts are made valid UTF-8 and cut to 256 bytes.
std::string encode_export_request(const ResourceAttributes& resource, std::span<const SpanRecord> spans);

// partialSuccess.rejectedSpans of an answer; 0 when the answer says nothing of it, whatever it is.
std::uint64_t rejected_spans(std::string_view answer);

}  // namespace orderflow::observe
