#include <map>
#include <string_view>

#include "libs/audit/checks.hpp"

namespace orderflow::audit {
namespace {

struct Taken {
    std::int64_t held = 0;
    std::int64_t shipped = 0;
};

std::map<std::string_view, Taken> taken_by_orders(const Snapshot& snapshot) {
    std::map<std::string_view, Taken> taken;
    for (const auto& order : snapshot.orders) {
        if (order.holds_stock) {
            for (const auto& line : order.asked) taken[line.sku].held += line.quantity;
        }
        for (const auto& line : order.shipped) {
            taken[line.sku].shipped += line.quantity;
            if (order.holds_stock) taken[line.sku].held -= line.quantity;
        }
    }
    return taken;
}

// A completed order has sent what was asked for, another one not more than that.
void check_shipped(const StoredOrder& order, Report& report) {
    std::map<std::string_view, std::int64_t> open;
    for (const auto& line : order.asked) open[line.sku] += line.quantity;
    for (const auto& line : order.shipped) open[line.sku] -= line.quantity;
    for (const auto& [sku, left] : open) {
        if (left < 0) {
            report.add(FindingKind::oversold, order.id.to_string(),
                       std::to_string(-left) + " of " + std::string(sku) + " were shipped and not ordered");
        } else if (left > 0 && order.status == orders::OrderStatus::completed) {
            report.add(
                FindingKind::illegal_history, order.id.to_string(),
                "it is completed, and " + std::to_string(left) + " of " + std::string(sku) + " were not shipped");
        }
    }
}

}  // namespace

void check_stock(const Evidence& evidence, Report& report) {
    for (const auto& order : evidence.snapshot.orders) check_shipped(order, report);
    auto taken = taken_by_orders(evidence.snapshot);
    for (const auto& product : evidence.snapshot.products) {
        const auto oversold = [&](std::string what) {
            report.add(FindingKind::oversold, product.sku, std::move(what));
        };
        const auto by_orders = taken[product.sku];
        taken.erase(product.sku);
        if (product.reserved != by_orders.held) {
            oversold(std::to_string(product.reserved) + " are reserved, orders hold " + std::to_string(by_orders.held));
        }
        if (product.reserved < 0 || product.reserved > product.on_hand) {
            oversold(std::to_string(product.reserved) + " of " + std::to_string(product.on_hand) + " are reserved");
        }
        if (!product.start) continue;
        // What the orders took that left tombstones is not known any more: then more may be gone, never less.
        const auto left_warehouse = *product.start - product.on_hand;
        const bool all_are_here = evidence.snapshot.tombstones.empty();
        if (left_warehouse < by_orders.shipped || (all_are_here && left_warehouse > by_orders.shipped)) {
            oversold(std::to_string(left_warehouse) + " left the warehouse, orders took " +
                     std::to_string(by_orders.shipped));
        }
    }
    for (const auto& [sku, by_orders] : taken) {
        if (by_orders.held == 0 && by_orders.shipped == 0) continue;
        report.add(FindingKind::oversold, std::string(sku), "orders hold it, and there is no such product");
    }
}

}  // namespace orderflow::audit
