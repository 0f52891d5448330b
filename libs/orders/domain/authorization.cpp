#include "libs/orders/domain/authorization.hpp"

namespace orderflow::orders {

std::optional<std::string> why_not_capturable(const std::optional<Authorization>& known, const EffectKey& charge,
                                              const Money& amount) {
    if (!known) return "unknown-reference";
    if (known->captured_by && *known->captured_by != charge) return "reference-used";
    if (!known->amount) return std::nullopt;
    if (known->amount->currency != amount.currency) return "currency-mismatch";
    if (known->amount->minor != amount.minor) return "amount-mismatch";
    return std::nullopt;
}

}  // namespace orderflow::orders
