// What the pages without scripts say, in the words of frontend/assets/fields.js and wording.js.
#pragma once

#include <string>
#include <string_view>

#include "libs/contract/field_error.hpp"
#include "libs/orders/domain/event.hpp"
#include "libs/orders/domain/money.hpp"
#include "libs/orders/domain/order.hpp"

namespace orderflow::api {

// One sentence for an error of a form control ("customer_name", "qty_MUG", "items").
std::string sentence_for(std::string_view control, const contract::FieldError& error);

std::string_view title_of(orders::OrderStatus status) noexcept;
// What the status means to the person who waits; for a rejection the reason.
std::string meaning_of(const orders::Order& order);
std::string_view label_of(orders::EventType type) noexcept;

// Whether the order goes on by itself.
bool is_waiting(orders::OrderStatus status) noexcept;

// "EUR 14.50", "JPY 1450": code, blank, whole and minor units.
std::string to_amount(std::int64_t minor, const orders::Currency& currency);

}  // namespace orderflow::api
