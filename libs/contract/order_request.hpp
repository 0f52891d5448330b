// The body of an order request, from untrusted JSON to an OrderDraft. The rules are those of order.schema.json in
// contracts/, and what a schema cannot say; the limits are libs/orders/domain/limits.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>

#include "libs/contract/field_error.hpp"
#include "libs/json/value.hpp"
#include "libs/orders/domain/draft.hpp"

namespace orderflow::contract {

// Bytes of a request body, and its nesting. A body of this size makes a message of less than message_bytes_max.
inline constexpr std::size_t request_bytes_max = 60 * 1024;
inline constexpr std::size_t request_depth_max = 32;

// Prices are the shop's, not the buyer's: who asks decides whether a request may carry amounts.
enum class Amounts : std::uint8_t {
    refused,  // only `expected_total` may be named
    taken,    // a request has all its amounts (given_amounts.hpp), or none and is priced by the shop
};

// The draft, or every broken rule (never none). Texts are trimmed. Pure; any thread.
std::expected<orders::OrderDraft, FieldErrors> read_order_request(const json::Value& body,
                                                                  Amounts amounts = Amounts::refused);

}  // namespace orderflow::contract
