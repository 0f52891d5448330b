// ProviderEffect: what the simulated provider remembers of one effect key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "libs/base/clock.hpp"
#include "libs/orders/domain/ids.hpp"
#include "libs/orders/domain/money.hpp"
#include "libs/orders/domain/payment.hpp"

namespace orderflow::payments {

enum class EffectKind : std::uint8_t { charge, refund };

struct ProviderEffect {
    ProviderEffect(orders::EffectKey k, EffectKind what, orders::OrderId o, orders::Money a, WallTime when)
        : key(std::move(k)), kind(what), order(o), amount(a), at(when) {}

    std::int64_t number = 0;  // counts up with each new key; 0 before it is stored
    orders::EffectKey key;
    EffectKind kind;
    orders::OrderId order;
    orders::Money amount;
    WallTime at;  // of the first call
    // started: called, and nothing has happened yet.
    orders::EffectState state = orders::EffectState::started;
    std::string code;                      // of a decline
    std::optional<std::string> reference;  // a preauthorization that this charge captured
    std::int64_t calls = 0;
    friend bool operator==(const ProviderEffect&, const ProviderEffect&) = default;
};

}  // namespace orderflow::payments
