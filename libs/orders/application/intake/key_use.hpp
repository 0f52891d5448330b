// What a repeated idempotency key means: a pure decision over fingerprints.
#pragma once

#include <cstdint>
#include <optional>

#include "libs/orders/domain/ids.hpp"

namespace orderflow::orders {

enum class KeyUse : std::uint8_t {
    fresh,   // nothing is known: hand the order over
    replay,  // the same order was accepted before: answer without sending
    reused,  // another order was accepted under this key: refuse
};

// `accepted`: the fingerprint of the order that is known to be accepted under the key, if any.
constexpr KeyUse judge_key(const std::optional<Fingerprint>& accepted, const Fingerprint& asked) {
    if (!accepted) return KeyUse::fresh;
    return *accepted == asked ? KeyUse::replay : KeyUse::reused;
}

}  // namespace orderflow::orders
