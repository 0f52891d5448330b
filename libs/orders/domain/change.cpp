#include "libs/orders/domain/change.hpp"

#include <type_traits>
#include <utility>

namespace orderflow::orders {
namespace {

struct IdOf {
    const OrderId* operator()(const ParkMessage&) const noexcept { return nullptr; }
    const OrderId* operator()(const auto& change) const noexcept { return &change.id; }
};

}  // namespace

const OrderId* order_id_of(const Change& change) noexcept { return std::visit(IdOf{}, change); }

void set_trace(Change& change, std::string traceparent) {
    std::visit(
        [&]<class Kind>(Kind& kind) {
            if constexpr (std::is_base_of_v<Traced, Kind>) kind.traceparent = std::move(traceparent);
        },
        change);
}

std::string_view trace_of(const Change& change) noexcept {
    return std::visit(
        []<class Kind>(const Kind& kind) -> std::string_view {
            if constexpr (std::is_base_of_v<Traced, Kind>) return kind.traceparent;
            return {};
        },
        change);
}

const OrderId* letter_order_of(const Change& change) noexcept {
    const auto* parked = std::get_if<ParkMessage>(&change);
    if (parked != nullptr) return parked->order ? &*parked->order : nullptr;
    return order_id_of(change);
}

}  // namespace orderflow::orders
