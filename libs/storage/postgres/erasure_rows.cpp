#include "libs/storage/postgres/erasure_rows.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "libs/storage/postgres/letter_rows.hpp"
#include "libs/storage/postgres/order_burial_rows.hpp"
#include "libs/storage/postgres/order_rows.hpp"
#include "libs/storage/postgres/transaction.hpp"
#include "libs/storage/records/search_key.hpp"

namespace orderflow::storage {

namespace {

using postgres::Request;
using postgres::Statement;
using postgres::Unit;

const Statement newest_order{"newest_order_to_erase", "SELECT coalesce(max(number), 0) FROM orders"};
const Statement orders_of_key{"orders_of_key", select_orders +
                                                   "JOIN order_keys k ON k.number = o.number WHERE k.key = $4 AND"
                                                   " k.number > $1 AND k.number <= $2 ORDER BY k.number LIMIT $3"};
const Statement orders_in_turn{"orders_in_turn", select_orders +
                                                     "WHERE o.number > $1 AND o.number <= $2 AND o.status <> 100"
                                                     " ORDER BY o.number LIMIT $3"};
// In the order in which groups lock theirs.
const Statement lock_orders_to_erase{"lock_orders_to_erase",
                                     select_orders + "WHERE o.number = ANY($1) ORDER BY o.id FOR NO KEY UPDATE OF o"};
const Statement open_letters_about{"open_letters_about",
                                   "SELECT order_id, min(number) FROM dead_letters WHERE order_id = ANY($1) AND"
                                   " state = 0 GROUP BY order_id"};
const Statement forget_deliveries_about{"forget_deliveries_about",
                                        "DELETE FROM event_deliveries WHERE order_id = ANY($1)"};

std::uint32_t rows_at_once(const orders::EraseCustomer& customer) {
    return customer.by == orders::EraseCustomer::By::id ? orders::limits::orders_looked_at_once
                                                        : orders::limits::orders_erased_at_once;
}

Request candidates(const orders::ErasureQuery& query, std::int64_t up_to) {
    const auto& customer = *query.customer;
    const bool scan = customer.by == orders::EraseCustomer::By::id;
    Request request(scan ? orders_in_turn : orders_of_key);
    request.parameters.integer(query.after).integer(up_to).integer(rows_at_once(customer));
    if (!scan) request.parameters.integer(email_key(customer.name));
    return request;
}

}  // namespace

// Once the lock was owned, every order with a lower number than the newest is there to be seen.
Result<orders::ErasurePage> ErasureRows::load(postgres::Connection& connection, const orders::ErasureQuery& query) {
    Unit begin;
    if (!query.up_to) begin.emplace_back(own_insertion);
    begin.emplace_back(newest_order);
    const auto known = connection.run(begin);
    if (!known) return fail(known.error());
    orders::ErasurePage page;
    page.newest_order = known->back().integer(0, 0);
    page.through = query.up_to.value_or(page.newest_order);
    if (auto found = find_orders(connection, query, page); !found) return fail(std::move(found).error());
    if (!page.orders.empty()) return page;
    const auto letters = connection.run(Unit{left_over_request(orders::limits::letters_erased_at_once)});
    if (!letters) return fail(letters.error());
    auto left_over = read_letters(letters->front());
    if (!left_over) return fail(std::move(left_over).error());
    page.left_over = *std::move(left_over);
    return page;
}

Result<void> ErasureRows::find_orders(postgres::Connection& connection, const orders::ErasureQuery& query,
                                      orders::ErasurePage& page) {
    const auto found = connection.run(Unit{candidates(query, page.through)});
    if (!found) return fail(found.error());
    const auto& rows = found->front();
    std::vector<std::int64_t> mine;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const auto read = read_order(rows, row);
        if (!read) return fail(read.error());
        const auto& order = read->found.order;
        if (order && orders::is_meant(*query.customer, order->order)) mine.push_back(read->number);
        const bool last = row + 1 == rows_at_once(*query.customer);
        if (!last && mine.size() < orders::limits::orders_erased_at_once) continue;
        page.through = read->number;
        break;
    }
    if (auto held = lock(connection, mine); !held) return held;
    for (const auto& stored : locked_) page.orders.emplace_back(stored.order);
    return find_open_letters(connection, page);
}

Result<void> ErasureRows::lock(postgres::Connection& connection, const std::vector<std::int64_t>& numbers) {
    if (numbers.empty()) return {};
    auto wanted = postgres::Array::of_integers();
    for (const auto number : numbers) wanted.add(number);
    Unit unit{Request(lock_orders_to_erase)};
    unit.back().parameters.array(wanted);
    const auto answers = connection.run(unit);
    if (!answers) return fail(answers.error());
    const auto& rows = answers->front();
    for (std::size_t row = 0; row < rows.size(); ++row) {
        auto read = read_order(rows, row);
        if (!read) return fail(std::move(read).error());
        if (read->found.order) locked_.push_back(*std::move(read->found.order));  // else somebody archived it
    }
    std::ranges::sort(locked_, {}, [](const StoredOrder& stored) { return stored.order.number; });
    return {};
}

Result<void> ErasureRows::find_open_letters(postgres::Connection& connection, orders::ErasurePage& page) const {
    if (page.orders.empty()) return {};
    auto ids = postgres::Array::of_uuids();
    for (const auto& mine : page.orders) ids.add(postgres::Bytes(mine.order.id.bytes()));
    Unit unit{Request(open_letters_about)};
    unit.back().parameters.array(ids);
    const auto answers = connection.run(unit);
    if (!answers) return fail(answers.error());
    std::unordered_map<orders::OrderId, std::int64_t> open;
    const auto& rows = answers->front();
    for (std::size_t row = 0; row < rows.size(); ++row) open.emplace(read_id(rows, row, 0), rows.integer(row, 1));
    for (auto& mine : page.orders) {
        if (const auto letter = open.find(mine.order.id); letter != open.end()) mine.open_letter = letter->second;
    }
    return {};
}

void ErasureRows::add_writes(Unit& unit, const std::vector<orders::OrderId>& erased) const {
    if (erased.empty()) return;
    auto ids = postgres::Array::of_uuids();
    for (const auto& id : erased) {
        const auto stored = std::ranges::find(locked_, id, [](const StoredOrder& one) { return one.order.id; });
        add_burial(unit, *stored);
        ids.add(postgres::Bytes(id.bytes()));
    }
    unit.emplace_back(forget_deliveries_about).parameters.array(ids);
}

}  // namespace orderflow::storage
