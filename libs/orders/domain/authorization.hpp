// Authorization: what a page had authorised before the order came (mode preauthorized), as its provider tells it.
#pragma once

#include <optional>
#include <string>

#include "libs/orders/domain/ids.hpp"
#include "libs/orders/domain/money.hpp"

namespace orderflow::orders {

struct Authorization {
    std::optional<Money> amount;           // nothing: as much as is captured
    std::optional<EffectKey> captured_by;  // the charge that took it
    friend bool operator==(const Authorization&, const Authorization&) = default;
};

// Why `charge` may not capture it, as the code of a decline: "unknown-reference" (no authorization), "reference-used"
// (by another charge), "currency-mismatch", "amount-mismatch". Just this amount, no more and no less: whoever
// authorised another one saw another total than the order has. Nothing: it may.
std::optional<std::string> why_not_capturable(const std::optional<Authorization>& known, const EffectKey& charge,
                                              const Money& amount);

}  // namespace orderflow::orders
