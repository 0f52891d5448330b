// The trace header of AWS X-Ray, which Lambda and other services of AWS hand on, as the context that our traces have.
// Source: AWS X-Ray Developer Guide, "Tracing header".
#pragma once

#include <optional>
#include <string_view>

#include "libs/observe/trace_context.hpp"

namespace orderflow::observe {

// "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1": root is the trace, parent the span of
// whoever calls. nullopt without either of them, or when they are no such ids: start a trace of one's own.
std::optional<TraceContext> read_xray_header(std::string_view header);

}  // namespace orderflow::observe
