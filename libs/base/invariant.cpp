#include "libs/base/invariant.hpp"

#include <cstdio>
#include <cstdlib>

namespace orderflow {

void invariant_failed(const char* condition, const char* file, int line) noexcept {
    std::fprintf(stderr, "orderflow: invariant failed: %s (%s:%d)\n", condition, file, line);
    std::abort();
}

}  // namespace orderflow
