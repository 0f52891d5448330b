// The amounts of an order request, for callers that may give them: `unit_price`, `discount` and `tax` of each item;
// `shipping_amount`, `discount_amount` and `tax_amount` of the order.
#pragma once

#include <span>

#include "libs/contract/field_error.hpp"
#include "libs/contract/object_reader.hpp"
#include "libs/json/value.hpp"
#include "libs/orders/domain/draft.hpp"

namespace orderflow::contract {

// Whether the order names any of them, with whatever value: then its amounts are its own, and every item needs a
// `unit_price`.
bool names_amounts(const json::Value& order);

orders::LineAmounts read_line_amounts(ObjectReader& item);

// What is left out is 0, `tax_amount` the tax of the lines, which have been read.
void read_order_amounts(ObjectReader& order, orders::GivenAmounts& amounts);

// Reports what does not fit together in amounts that were read without errors.
void check_amounts(std::span<const orders::DraftLine> lines, const orders::GivenAmounts& amounts, FieldErrors& errors);

}  // namespace orderflow::contract
