#include "libs/storage/postgres/postgres_shelf.hpp"

#include <utility>

#include "libs/base/safeguard.hpp"
#include "libs/orders/domain/money.hpp"
#include "libs/storage/postgres/order_rows.hpp"
#include "libs/storage/records/item_record.hpp"

namespace orderflow::storage {

namespace {

const postgres::Statement read_products{"read_products",
                                        "SELECT sku, on_hand, reserved, record FROM products WHERE sku = ANY($1)"};

}  // namespace

std::string encode_product(const orders::ShelfItem& item) {
    return encode_item(orders::ShelfItem(item.product, orders::Stock()));
}

Result<orders::ShelfItem> read_product(const postgres::Rows& rows, std::size_t row) {
    auto item = decode_item(rows.text(row, 0), orders::Stock(), rows.blob(row, 3));
    if (!item) return fail(damaged_row("products, SKU " + std::string(rows.text(row, 0))));
    item->stock.on_hand = rows.integer(row, 1);
    item->stock.reserved = rows.integer(row, 2);
    return *std::move(item);
}

postgres::Request PostgresShelf::reading(const postgres::Array& skus) {
    postgres::Parameters parameters;
    parameters.array(skus);
    return postgres::Request(read_products, std::move(parameters));
}

Result<void> PostgresShelf::take(const postgres::Rows& rows) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
        auto item = read_product(rows, row);
        if (!item) return fail(std::move(item).error());
        Slot slot;
        slot.item.emplace(*std::move(item));
        slots_.insert_or_assign(std::string(rows.text(row, 0)), std::move(slot));
    }
    return {};
}

const orders::ShelfItem* PostgresShelf::find(const orders::Sku& sku) const {
    auto known = slots_.find(sku.value());
    if (known == slots_.end()) {
        auto skus = postgres::Array::of_texts();
        skus.add(std::string_view(sku.value()));
        postgres::Unit unit{reading(skus)};
        const auto rows = connection_.run(unit);
        known = slots_.try_emplace(sku.value()).first;
        if (!rows || rows->front().size() > 1) {
            if (!failure_) failure_ = rows ? damaged_row("products") : rows.error();
            return nullptr;
        }
        if (!rows->front().empty()) {
            auto item = read_product(rows->front(), 0);
            if (!item && !failure_) failure_ = item.error();
            if (item) known->second.item.emplace(*std::move(item));
        }
    }
    return known->second.item ? &*known->second.item : nullptr;
}

Result<void> PostgresShelf::move(const std::vector<orders::StockMove>& moves) {
    std::vector<std::pair<Slot*, const orders::StockMove*>> changed;
    changed.reserve(moves.size());
    for (const auto& move : moves) {
        const bool sold = find(move.sku) != nullptr;
        if (failure_) return fail(*failure_);
        auto& slot = slots_.find(move.sku.value())->second;
        const auto reserved = sold ? orders::checked_add(slot.item->stock.reserved, move.reserve) : std::nullopt;
        const bool fits = reserved && *reserved >= 0 && *reserved <= slot.item->stock.on_hand - move.ship;
        if (!fits && (safeguard(Safeguard::shelf_check) || !reserved)) {
            return fail(ErrorKind::conflict, "store.stock", "stock of " + move.sku.value() + " out of its bounds");
        }
        changed.emplace_back(&slot, &move);
    }
    for (const auto& [slot, by] : changed) {
        slot->item->stock.reserved += by->reserve;
        slot->item->stock.on_hand -= by->ship;
        slot->moved += by->reserve;
        slot->shipped += by->ship;
    }
    return {};
}

std::vector<PostgresShelf::Difference> PostgresShelf::differences() const {
    std::vector<Difference> differences;
    for (const auto& [sku, slot] : slots_) {
        if (slot.moved != 0 || slot.shipped != 0) differences.push_back({sku, slot.moved, slot.shipped});
    }
    return differences;
}

}  // namespace orderflow::storage
