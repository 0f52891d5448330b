#include "libs/orders/application/processing/effect_watch.hpp"

namespace orderflow::orders {
namespace {

struct NameOf {
    std::string_view operator()(const PlaceOrder&) const { return "place"; }
    std::string_view operator()(const SettleCharge&) const { return "settle_charge"; }
    std::string_view operator()(const SettleRefund&) const { return "settle_refund"; }
    std::string_view operator()(const PaymentNews&) const { return "payment_news"; }
    std::string_view operator()(const CancelOrder&) const { return "cancel"; }
    std::string_view operator()(const FulfillOrder&) const { return "fulfill"; }
    std::string_view operator()(const RecordFailure&) const { return "record_failure"; }
    std::string_view operator()(const HoldOrder&) const { return "hold"; }
    std::string_view operator()(const ParkMessage&) const { return "park"; }
};

}  // namespace

std::string_view name_of(const Change& change) noexcept { return std::visit(NameOf{}, change); }

}  // namespace orderflow::orders
