// check_export_request(): whether a body is an ExportTraceServiceRequest of OTLP in JSON, by the specification alone:
// it shares no code with what writes one. Source: opentelemetry-proto 1.x, trace.proto, common.proto, resource.proto;
// OTLP specification, "JSON Protobuf Encoding".
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace orderflow::telemetry {

struct ReceivedSpan {
    std::string service;  // service.name of its resource
    std::string trace_id;
    std::string span_id;
    std::string parent_id;  // empty: none
    std::string name;
    std::int64_t kind = 0;
    std::uint64_t start_ns = 0;
    std::uint64_t end_ns = 0;
    std::map<std::string, std::string> attributes;  // values as text
    bool is_error = false;
};

struct CheckedRequest {
    std::vector<std::string> faults;  // what is not as the specification wants it, with its place
    std::vector<ReceivedSpan> spans;
};
CheckedRequest check_export_request(std::string_view body);

}  // namespace orderflow::telemetry
