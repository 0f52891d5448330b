#include "libs/observe/sampler.hpp"

#include <cstdint>

namespace orderflow::observe {

bool Sampler::samples(const TraceContext* parent, const TraceContext& own) const noexcept {
    if (parent_based && parent != nullptr) return parent->sampled;
    if (ratio >= 1) return true;
    std::uint64_t low = 0;
    for (std::size_t i = own.trace_id.size() - sizeof(low); i < own.trace_id.size(); ++i) {
        low = low << 8U | own.trace_id[i];
    }
    constexpr double all = 9223372036854775808.0;  // 2^63
    return static_cast<double>(low >> 1U) < ratio * all;
}

}  // namespace orderflow::observe
