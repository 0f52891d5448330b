#include "libs/orders/domain/change.hpp"

namespace orderflow::orders {
namespace {

struct IdOf {
    const OrderId* operator()(const ParkMessage&) const noexcept { return nullptr; }
    const OrderId* operator()(const auto& change) const noexcept { return &change.id; }
};

}  // namespace

const OrderId* order_id_of(const Change& change) noexcept { return std::visit(IdOf{}, change); }

const OrderId* letter_order_of(const Change& change) noexcept {
    const auto* parked = std::get_if<ParkMessage>(&change);
    if (parked != nullptr) return parked->order ? &*parked->order : nullptr;
    return order_id_of(change);
}

}  // namespace orderflow::orders
