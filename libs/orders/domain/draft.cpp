#include "libs/orders/domain/draft.hpp"

namespace orderflow::orders {

std::string_view to_string(PaymentMode mode) noexcept {
    switch (mode) {
        case PaymentMode::token: return "token";
        case PaymentMode::preauthorized: return "preauthorized";
        case PaymentMode::invoice: return "invoice";
    }
    return "";
}

}  // namespace orderflow::orders
