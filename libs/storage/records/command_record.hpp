// How cancel intents lie in their rows. Conventions as in order_record.hpp.
#pragma once

#include <optional>
#include <string>

#include "libs/orders/domain/decide.hpp"
#include "libs/storage/records/order_record.hpp"

namespace orderflow::storage {

std::string encode_intent(const orders::OrderId& id, const orders::CancelIntent& intent);
std::optional<orders::CancelIntent> decode_intent(const orders::OrderId& id, Bytes record);

}  // namespace orderflow::storage
