// Sampler: which traces are recorded. Source: OpenTelemetry specification, "Trace SDK", section Sampling.
#pragma once

#include "libs/observe/trace_context.hpp"

namespace orderflow::observe {

struct Sampler {
    bool parent_based = true;  // who calls has decided already; the ratio is for traces that begin here
    double ratio = 1;          // 0 to 1

    // By the lower eight bytes of the trace id alone: every program with this ratio decides alike. `parent` may be
    // null.
    bool samples(const TraceContext* parent, const TraceContext& own) const noexcept;
};

}  // namespace orderflow::observe
