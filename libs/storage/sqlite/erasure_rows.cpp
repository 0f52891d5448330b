#include "libs/storage/sqlite/erasure_rows.hpp"

#include <utility>

#include "libs/storage/records/search_key.hpp"

namespace orderflow::storage {

Result<ErasureRows> ErasureRows::prepare(sqlite::Database& database) {
    auto select = OrderSelect::prepare(database);
    if (!select) return fail(std::move(select).error());
    auto insert = OrderInsert::prepare(database);
    if (!insert) return fail(std::move(insert).error());
    auto letters = LetterRows::prepare(database);
    if (!letters) return fail(std::move(letters).error());
    ErasureRows rows(*std::move(select), *std::move(insert), *std::move(letters));
    auto prepared = database.prepare_all({
        {&rows.numbers_,
         "SELECT number FROM orders WHERE number > ?1 AND number <= ?2 AND status <> 100 ORDER BY number"},
        {&rows.numbers_of_key_,
         "SELECT number FROM order_keys WHERE key = ?3 AND number > ?1 AND number <= ?2 ORDER BY number"},
        {&rows.forget_deliveries_, "DELETE FROM event_deliveries WHERE order_id = ?1"},
    });
    if (!prepared) return fail(std::move(prepared).error());
    return rows;
}

sqlite::Cursor ErasureRows::candidates(const orders::ErasureQuery& query, std::int64_t up_to) {
    const auto& customer = *query.customer;
    if (customer.by == orders::EraseCustomer::By::id) return numbers_.query(query.after, up_to);
    return numbers_of_key_.query(query.after, up_to, email_key(customer.name));
}

Result<orders::ErasurePage> ErasureRows::page(const orders::ErasureQuery& query) {
    orders::ErasurePage page;
    const auto newest = select_.newest();
    if (!newest) return fail(newest.error());
    page.newest_order = *newest;
    page.through = query.up_to.value_or(page.newest_order);
    if (auto found = find_orders(query, page); !found) return fail(std::move(found).error());
    if (!page.orders.empty()) return page;
    auto left_over = letters_.left_over(orders::limits::letters_erased_at_once);
    if (!left_over) return fail(std::move(left_over).error());
    page.left_over = *std::move(left_over);
    return page;
}

Result<void> ErasureRows::find_orders(const orders::ErasureQuery& query, orders::ErasurePage& page) {
    std::uint32_t looked_at = 0;
    auto numbers = candidates(query, page.through);
    for (;;) {
        const auto there = numbers.next();
        if (!there) return fail(there.error());
        if (!*there) return {};
        const auto number = numbers.integer(0);
        auto found = select_.at(number);
        if (!found) return fail(std::move(found).error());
        if (found->order && orders::is_meant(*query.customer, found->order->order)) {
            auto& mine = page.orders.emplace_back(std::move(found->order->order));
            const auto letter = letters_.open_about(mine.order.id);
            if (!letter) return fail(letter.error());
            mine.open_letter = *letter;
        }
        if (page.orders.size() == orders::limits::orders_erased_at_once ||
            ++looked_at == orders::limits::orders_looked_at_once) {
            page.through = number;
            return {};
        }
    }
}

Result<void> ErasureRows::erase(const std::vector<orders::OrderId>& ids) {
    for (const auto& id : ids) {
        const auto found = select_.find(id);
        if (!found) return fail(found.error());
        if (auto buried = insert_.bury(found->order.value()); !buried) return buried;
        const auto forgotten = forget_deliveries_.run(sqlite::Blob(id.bytes()));
        if (!forgotten) return fail(forgotten.error());
    }
    return {};
}

}  // namespace orderflow::storage
