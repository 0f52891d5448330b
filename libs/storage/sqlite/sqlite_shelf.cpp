#include "libs/storage/sqlite/sqlite_shelf.hpp"

#include <algorithm>
#include <utility>

#include "libs/base/safeguard.hpp"
#include "libs/orders/domain/money.hpp"
#include "libs/sqlite/errors.hpp"
#include "libs/storage/records/item_record.hpp"

namespace orderflow::storage {

Result<SqliteShelf> SqliteShelf::prepare(sqlite::Database& database) {
    SqliteShelf shelf;
    auto prepared = database.prepare_all({
        {&shelf.select_, "SELECT on_hand, reserved, record FROM products WHERE sku = ?1"},
        {&shelf.update_,
         "UPDATE products SET on_hand = ?1, reserved = ?2, record = ?3 WHERE sku = ?4 AND on_hand = ?5 AND"
         " reserved = ?6"},
        {&shelf.insert_, "INSERT INTO products VALUES (?1, ?2, ?3, ?4)"},
        {&shelf.any_, "SELECT 1 FROM products LIMIT 1"},
    });
    if (!prepared) return fail(std::move(prepared).error());
    return shelf;
}

void SqliteShelf::begin() {
    slots_.clear();
    failure_.reset();
}

Result<SqliteShelf::Slot> SqliteShelf::load(const orders::Sku& sku) const {
    auto cursor = select_.query(std::string_view(sku.value()));
    const auto there = cursor.next();
    if (!there) return fail(there.error());
    Slot slot;
    if (!*there) return slot;
    slot.at_start.on_hand = cursor.integer(0);
    slot.at_start.reserved = cursor.integer(1);
    slot.item = decode_item(sku.value(), slot.at_start, cursor.blob(2));
    if (!slot.item) return fail(sqlite::corrupt("products, SKU " + sku.value()));
    return slot;
}

SqliteShelf::Slot* SqliteShelf::slot(const orders::Sku& sku) const {
    const auto known = slots_.find(sku.value());
    if (known != slots_.end()) return &known->second;
    auto loaded = load(sku);
    if (loaded) return &slots_.emplace(sku.value(), *std::move(loaded)).first->second;
    if (!failure_) failure_ = loaded.error();
    return nullptr;
}

const orders::ShelfItem* SqliteShelf::find(const orders::Sku& sku) const {
    const auto* found = slot(sku);
    return found != nullptr && found->item ? &*found->item : nullptr;
}

Result<void> SqliteShelf::move(const std::vector<orders::StockMove>& moves) {
    std::vector<std::pair<orders::Stock*, orders::Stock>> changed;
    changed.reserve(moves.size());
    for (const auto& move : moves) {
        auto* const found = slot(move.sku);
        if (failure_) return fail(*failure_);
        const auto reserved =
            found->item ? orders::checked_add(found->item->stock.reserved, move.reserve) : std::nullopt;
        const auto on_hand = found->item ? found->item->stock.on_hand - move.ship : 0;
        const bool allowed = reserved && *reserved >= 0 && *reserved <= on_hand;
        if (!allowed && safeguard(Safeguard::shelf_check)) {
            return fail(ErrorKind::conflict, "store.stock", "stock of " + move.sku.value() + " does not allow this");
        }
        changed.emplace_back(&found->item->stock, orders::Stock{on_hand, reserved.value()});
    }
    for (const auto& [stock, after] : changed) *stock = after;
    return {};
}

Result<void> SqliteShelf::set_on_hand(const orders::Sku& sku, std::int64_t on_hand) {
    auto* const found = slot(sku);
    if (failure_) return fail(*failure_);
    const bool allowed = found->item && found->item->stock.reserved <= on_hand;
    if (!allowed) return fail(ErrorKind::conflict, "store.stock", "stock of " + sku.value() + " does not allow this");
    found->item->stock.on_hand = on_hand;
    return {};
}

Result<void> SqliteShelf::put(const orders::ShelfItem& item) {
    auto* const found = slot(item.product.sku);
    if (failure_) return fail(*failure_);
    if (item.stock.reserved != (found->item ? found->item->stock.reserved : 0) ||
        item.stock.reserved > item.stock.on_hand) {
        return fail(ErrorKind::conflict, "store.stock",
                    "stock of " + item.product.sku.value() + " does not allow this");
    }
    found->is_new = found->is_new || !found->item;
    found->is_put = true;
    found->item.emplace(item);
    return {};
}

Result<void> SqliteShelf::flush() {
    std::vector<const Slot*> changed;
    for (const auto& [sku, slot] : slots_) {
        if (slot.item && (slot.is_put || slot.item->stock != slot.at_start)) changed.push_back(&slot);
    }
    std::ranges::sort(changed, {}, [](const Slot* slot) -> const orders::Sku& { return slot->item->product.sku; });
    for (const auto* slot : changed) {
        const auto& sku = slot->item->product.sku.value();
        const auto record = encode_item(*slot->item);
        if (slot->is_new) {
            const auto inserted = insert_.run(std::string_view(sku), slot->item->stock.on_hand,
                                              slot->item->stock.reserved, sqlite::as_blob(record));
            if (!inserted) return fail(inserted.error());
            continue;
        }
        const auto updated = update_.run(slot->item->stock.on_hand, slot->item->stock.reserved, sqlite::as_blob(record),
                                         std::string_view(sku), slot->at_start.on_hand, slot->at_start.reserved);
        if (!updated) return fail(updated.error());
        if (*updated != 1 && safeguard(Safeguard::stock_fence)) {
            return fail(ErrorKind::unavailable, "store.stock_changed", "stock of " + sku + " is not what was read");
        }
    }
    return {};
}

Result<void> SqliteShelf::fill(const std::vector<orders::ShelfItem>& items) {
    {
        auto any = any_.query();
        const auto there = any.next();
        if (!there) return fail(there.error());
        if (*there) return {};
    }
    for (const auto& item : items) {
        const auto record = encode_item(item);
        auto inserted = insert_.run(std::string_view(item.product.sku.value()), item.stock.on_hand, item.stock.reserved,
                                    sqlite::as_blob(record));
        if (!inserted) return fail(std::move(inserted).error());
    }
    return {};
}

}  // namespace orderflow::storage
