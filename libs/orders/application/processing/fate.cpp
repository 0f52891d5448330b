#include "libs/orders/application/processing/fate.hpp"

#include <algorithm>

namespace orderflow::orders {

Reaction reaction_to(ErrorKind kind) noexcept {
    switch (kind) {
        case ErrorKind::invalid_input:
        case ErrorKind::not_found: return Reaction::park;
        case ErrorKind::conflict:      // somebody else was faster: load and decide again
        case ErrorKind::unauthorized:  // our own credentials at the provider: an operator repairs them
        case ErrorKind::throttled:
        case ErrorKind::unavailable:
        case ErrorKind::internal: return Reaction::retry;  // a bug or damage: the counts end it
    }
    return Reaction::retry;
}

std::chrono::milliseconds full_jitter(const BackoffPolicy& policy, std::uint32_t tries, Entropy& entropy) {
    auto ceiling = std::min(policy.base, policy.cap);
    for (std::uint32_t i = 0; i < tries && ceiling < policy.cap; ++i) {
        ceiling = ceiling > policy.cap / 2 ? policy.cap : ceiling * 2;
    }
    const auto bound = static_cast<std::uint64_t>(ceiling.count()) + 1;
    return std::chrono::milliseconds(static_cast<std::int64_t>(entropy.below(bound)));
}

}  // namespace orderflow::orders
