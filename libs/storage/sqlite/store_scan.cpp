#include "libs/storage/sqlite/store_scan.hpp"

#include "libs/sqlite/migrations.hpp"
#include "libs/sqlite/transaction.hpp"
#include "libs/storage/sqlite/order_queries.hpp"
#include "libs/storage/sqlite/schema.hpp"

namespace orderflow::storage {
namespace {

Result<void> scan_orders(OrderSelect& select, OrderQueries& queries, StoreVisitor& visitor) {
    auto row = select.all();
    for (;;) {
        const auto there = row.next();
        if (!there) return fail(there.error());
        if (!*there) return {};
        const auto found = OrderSelect::read(row);
        if (!found) return fail(found.error());
        if (!found->order) {
            visitor.tombstone(found->id);
            continue;
        }
        const auto events = queries.events(found->id, 0);
        if (!events) return fail(events.error());
        const auto postings = queries.ledger(found->id);
        if (!postings) return fail(postings.error());
        visitor.order(found->order->order, *events, *postings);
    }
}

Result<void> scan_products(OrderQueries& queries, StoreVisitor& visitor) {
    const auto items = queries.products();
    if (!items) return fail(items.error());
    for (const auto& item : *items) visitor.product(item);
    return {};
}

Result<void> scan_dead_letters(OrderQueries& queries, StoreVisitor& visitor) {
    constexpr std::uint32_t page = 100;
    for (std::int64_t after = 0;;) {
        const auto letters = queries.dead_letters(after, page);
        if (!letters) return fail(letters.error());
        if (letters->empty()) return {};
        for (const auto& letter : *letters) visitor.dead_letter(letter);
        after = letters->back().number;
    }
}

}  // namespace

Result<void> scan_store(const std::string& path, StoreVisitor& visitor) {
    auto database = sqlite::open_at_rest(path, order_store_application_id, order_store_migrations);
    if (!database) return fail(std::move(database).error());
    auto select = OrderSelect::prepare(*database);
    if (!select) return fail(std::move(select).error());
    auto queries = OrderQueries::prepare(*database);
    if (!queries) return fail(std::move(queries).error());
    const auto view = sqlite::Transaction::begin(*database, sqlite::Locking::read);
    if (!view) return fail(view.error());
    if (auto scanned = scan_orders(*select, *queries, visitor); !scanned) return scanned;
    if (auto scanned = scan_products(*queries, visitor); !scanned) return scanned;
    return scan_dead_letters(*queries, visitor);
}

}  // namespace orderflow::storage
