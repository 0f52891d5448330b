// The body of POST /v1/payments/callbacks: what the payment provider says of one effect (docs/adr/0014).
#pragma once

#include <cstddef>
#include <expected>

#include "libs/contract/field_error.hpp"
#include "libs/json/value.hpp"
#include "libs/orders/domain/change.hpp"

namespace orderflow::contract {

inline constexpr std::size_t callback_bytes_max = 16 * 1024;

// The order and the key of the effect, or every broken rule. Everything else in it is passed over: the provider is
// asked by the key. Pure; any thread.
std::expected<orders::PaymentNews, FieldErrors> read_payment_callback(const json::Value& body);

}  // namespace orderflow::contract
