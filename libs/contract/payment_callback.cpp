#include "libs/contract/payment_callback.hpp"

#include "libs/contract/object_reader.hpp"
#include "libs/json/pointer.hpp"

namespace orderflow::contract {

std::expected<orders::PaymentNews, FieldErrors> read_payment_callback(const json::Value& body) {
    FieldErrors errors;
    for (auto& pointer : json::duplicate_members(body)) {
        errors.add(std::move(pointer), Rule::duplicate_key, "The member stands here twice.");
    }
    ObjectReader reader(body, json::whole_document, errors);
    auto text = reader.exact("key", Presence::required);
    orders::EffectKey key{std::move(text).value_or("")};
    const auto order = order_of(key);
    if (!order && errors.empty()) {
        reader.report("key", Rule::invalid_format, "Must be a key that this system gave out, such as ord_...:charge.");
    }
    if (!errors.empty()) return std::unexpected(std::move(errors));
    return orders::PaymentNews(*order, std::move(key));
}

}  // namespace orderflow::contract
