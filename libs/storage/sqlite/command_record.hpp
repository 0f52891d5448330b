// How cancel intents and dead letters lie in their rows. Conventions as in order_record.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/orders/domain/change.hpp"
#include "libs/orders/domain/decide.hpp"
#include "libs/storage/sqlite/order_record.hpp"

namespace orderflow::storage {

std::string encode_intent(const orders::OrderId& id, const orders::CancelIntent& intent);
std::optional<orders::CancelIntent> decode_intent(const orders::OrderId& id, Bytes record);

struct StoredLetter {
    StoredLetter(orders::DeadLetter l, std::optional<orders::OrderId> o, WallTime when)
        : letter(std::move(l)), order(o), at(when) {}
    orders::DeadLetter letter;
    std::optional<orders::OrderId> order;
    WallTime at;  // when it was kept
};
// The message id is the row's key and lies in a column of its own.
std::string encode_letter(const StoredLetter& stored);
std::optional<StoredLetter> decode_letter(std::string_view message_id, Bytes record);

}  // namespace orderflow::storage
