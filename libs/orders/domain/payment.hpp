// What is known of an order's payment effects: recorded before the provider is called, closed by its answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "libs/base/clock.hpp"
#include "libs/orders/domain/ids.hpp"

namespace orderflow::orders {

enum class EffectState : std::uint8_t {
    started,   // recorded; the provider may or may not have it
    captured,  // charge: the money was taken
    declined,  // charge: refused for good
    refunded,  // refund: the money was given back
    voided,    // refund: nothing had been taken, and the charge can never happen any more
};

struct PaymentEffect {
    PaymentEffect(EffectKey k, std::int64_t a, WallTime at) : key(std::move(k)), amount(a), started_at(at) {}

    EffectKey key;
    std::int64_t amount;  // minor units of the order's currency
    WallTime started_at;
    EffectState state = EffectState::started;
    std::string provider_reference;  // set with the answer
    friend bool operator==(const PaymentEffect&, const PaymentEffect&) = default;
};

// A double-entry posting: `amount` leaves one account and enters the other, so every posting sums to zero.
struct LedgerPosting {
    LedgerPosting(EffectKey k, std::string d, std::string c, std::int64_t a, WallTime when)
        : effect(std::move(k)), debit(std::move(d)), credit(std::move(c)), amount(a), at(when) {}

    EffectKey effect;
    std::string debit;   // account that receives
    std::string credit;  // account that gives
    std::int64_t amount;
    WallTime at;
    friend bool operator==(const LedgerPosting&, const LedgerPosting&) = default;
};

inline constexpr const char* provider_account = "payment_provider";
inline constexpr const char* sales_account = "sales";

}  // namespace orderflow::orders
