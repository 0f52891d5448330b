#include "libs/orders/domain/change.hpp"

namespace orderflow::orders {
namespace {

struct IdOf {
    const OrderId* operator()(const ParkMessage&) const noexcept { return nullptr; }
    const OrderId* operator()(const auto& change) const noexcept { return &change.id; }
};

}  // namespace

const OrderId* order_id_of(const Change& change) noexcept { return std::visit(IdOf{}, change); }

}  // namespace orderflow::orders
