#include "libs/storage/postgres/postgres_group_writer.hpp"

#include <iterator>
#include <set>
#include <string>
#include <utility>

#include "libs/postgres/errors.hpp"
#include "libs/storage/postgres/group_rows.hpp"
#include "libs/storage/postgres/order_burial_rows.hpp"
#include "libs/storage/postgres/order_rows.hpp"
#include "libs/storage/postgres/transaction.hpp"

namespace orderflow::storage {

namespace {

using postgres::Connection;
using postgres::Statement;
using postgres::Unit;

const Statement read_orders{"read_orders", select_orders + "WHERE o.id = ANY($1)"};
const Statement read_intents{"read_intents", "SELECT id, record FROM cancel_intents WHERE id = ANY($1)"};

const Statement lock_order{"lock_order", select_orders + "WHERE o.id = $1 FOR NO KEY UPDATE OF o"};

const Statement lock_catalogue{"lock_catalogue", "LOCK TABLE products IN SHARE ROW EXCLUSIVE MODE"};
const Statement any_product{"any_product", "SELECT 1 FROM products LIMIT 1"};
const Statement insert_products{"insert_products",
                                "INSERT INTO products (sku, on_hand, reserved, record)"
                                " SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bytea[])"};

// One order's alone: the others of its group can do without it.
bool is_own(const Error& error) {
    return postgres::is_about_one_row(error) || error.code() == "store.stock" || error.code() == "store.damaged_row";
}

bool met_others(const Error& error) {
    return postgres::is_contention(error) || error.code() == "store.version_changed" ||
           error.code() == "store.stock_changed";
}

const orders::PlaceOrder* placing(const orders::Change& change) {
    if (const auto* place = std::get_if<orders::PlaceOrder>(&change)) return place;
    const auto* hold = std::get_if<orders::HoldOrder>(&change);
    return hold != nullptr && hold->place ? &*hold->place : nullptr;
}

// What a group is about, as far as the changes themselves say.
struct Named {
    std::set<orders::OrderId> orders;
    std::set<orders::Sku> skus;
};

Named named_by(std::span<const orders::Change* const> changes) {
    Named named;
    for (const auto* change : changes) {
        if (const auto* id = orders::order_id_of(*change)) named.orders.insert(*id);
        const auto* place = placing(*change);
        if (place == nullptr) continue;
        for (const auto& line : place->draft->lines) named.skus.insert(line.sku);
    }
    return named;
}

Result<void> load(Connection& connection, const Named& named, GroupDraft& draft, PostgresShelf& shelf) {
    auto ids = postgres::Array::of_uuids();
    for (const auto& id : named.orders) ids.add(postgres::Bytes(id.bytes()));
    auto skus = postgres::Array::of_texts();
    for (const auto& sku : named.skus) skus.add(std::string_view(sku.value()));
    postgres::Parameters wanted;
    wanted.array(ids);
    const Unit unit{postgres::Request(read_orders, wanted), postgres::Request(read_intents, wanted),
                    PostgresShelf::reading(skus)};
    const auto answers = connection.run(unit);
    if (!answers) return fail(answers.error());
    if (auto taken = draft.take_orders((*answers)[0]); !taken) return taken;
    if (auto taken = draft.take_intents((*answers)[1]); !taken) return taken;
    if (auto taken = shelf.take((*answers)[2]); !taken) return taken;
    for (const auto& sku : named.skus) shelf.take_missing(sku);
    return {};
}

Result<void> write(Connection& connection, GroupDraft& draft) {
    const RollBack unless_committed(connection);
    const auto begun = connection.run(GroupRows::begin(draft));
    if (!begun) return fail(begun.error());
    const GroupRows rows(draft, *std::prev(begun->end(), 2), begun->back());
    const auto answers = connection.run(rows.unit());
    if (!answers) return fail(answers.error());
    if (auto checked = rows.check(*answers); !checked) return checked;
    return commit(connection);
}

// Of a group that changes nothing: its answers say that something is stored.
Result<void> confirm(Connection& connection) {
    const RollBack unless_committed(connection);
    if (const auto begun = connection.run(begin_transaction); !begun) return fail(begun.error());
    return commit_what_was_read(connection);
}

bool changes_something(GroupDraft& draft) {
    if (!draft.letters().empty() || !draft.letters_once().empty() || !draft.audits().empty()) return true;
    for (const auto& [id, order] : draft.orders()) {
        if (order.changed || order.keeps_intent() || order.drops_intent()) return true;
    }
    return false;
}

}  // namespace

Result<WrittenGroup> PostgresGroupWriter::attempt(Connection& connection,
                                                  std::span<const orders::Change* const> changes, WallTime now) const {
    PostgresShelf shelf(connection);
    GroupDraft draft(shelf, pricing_, now);
    if (auto loaded = load(connection, named_by(changes), draft, shelf); !loaded)
        return fail(std::move(loaded).error());
    WrittenGroup group;
    group.steps.reserve(changes.size());
    for (const auto* change : changes) {
        auto step = draft.decide(*change);
        if (!step) return fail(std::move(step).error());
        group.steps.push_back(std::move(step));
    }
    group.wrote = changes_something(draft);
    const auto durable = group.wrote ? write(connection, draft) : confirm(connection);
    if (!durable) return fail(durable.error());
    return group;
}

Result<WrittenGroup> PostgresGroupWriter::settle(Connection& connection, std::span<const orders::Change* const> changes,
                                                 WallTime now) const {
    auto applied = attempt(connection, changes, now);
    for (int tried = 1; !applied && met_others(applied.error()); ++tried) {
        if (tried == attempts_max) {
            return fail(ErrorKind::unavailable, "store.contended",
                        "other workers changed the same orders or products each time; " + applied.error().detail());
        }
        applied = attempt(connection, changes, now);
    }
    return applied;
}

Result<WrittenGroup> PostgresGroupWriter::apply(Connection& connection, std::span<const orders::Change* const> changes,
                                                WallTime now) const {
    auto applied = settle(connection, changes, now);
    if (applied || !is_own(applied.error())) return applied;
    if (changes.size() == 1) {
        WrittenGroup alone;
        alone.steps.emplace_back(fail(std::move(applied).error()));
        return alone;
    }
    auto first = apply(connection, changes.first(changes.size() / 2), now);
    if (!first) return first;
    auto second = apply(connection, changes.subspan(changes.size() / 2), now);
    if (!second) {
        if (!first->wrote) return second;
        return fail(outcome_unknown("a part of the group is written: " + second.error().detail()));
    }
    std::ranges::move(second->steps, std::back_inserter(first->steps));
    first->wrote |= second->wrote;
    return first;
}

Result<bool> PostgresGroupWriter::bury(Connection& connection, const orders::OrderId& id, std::int32_t version) const {
    const RollBack unless_committed(connection);
    postgres::Parameters wanted;
    wanted.uuid(postgres::Bytes(id.bytes()));
    const auto locked =
        connection.run(Unit{postgres::Request(begin_transaction), postgres::Request(lock_order, wanted)});
    if (!locked) return fail(locked.error());
    const auto& rows = locked->back();
    if (rows.empty()) return fail(ErrorKind::not_found, "order.unknown", id.to_string());
    const auto read = read_order(rows, 0);
    if (!read) return fail(read.error());
    if (read->found.tombstone) return false;
    const auto& order = read->found.order->order;
    if (!orders::is_terminal(order.status)) return fail(ErrorKind::conflict, "order.not_terminal", id.to_string());
    if (order.version != version) return fail(ErrorKind::conflict, "order.version_changed", id.to_string());

    Unit unit;
    add_burial(unit, *read->found.order);
    if (const auto written = connection.run(unit); !written) return fail(written.error());
    if (auto committed = commit(connection); !committed) return fail(std::move(committed).error());
    return true;
}

Result<void> PostgresGroupWriter::fill_catalogue(Connection& connection, const std::vector<orders::ShelfItem>& items) {
    const auto there = connection.run(any_product);
    if (!there || !there->empty() || items.empty()) return there ? Result<void>() : fail(there.error());
    auto skus = postgres::Array::of_texts();
    auto on_hand = postgres::Array::of_integers();
    auto reserved = postgres::Array::of_integers();
    auto records = postgres::Array::of_blobs();
    for (const auto& item : items) {
        const auto record = encode_product(item);
        skus.add(std::string_view(item.product.sku.value()));
        on_hand.add(item.stock.on_hand);
        reserved.add(item.stock.reserved);
        records.add(std::as_bytes(std::span(record)));
    }
    const RollBack unless_committed(connection);
    const auto locked = connection.run(
        Unit{postgres::Request(begin_transaction), postgres::Request(lock_catalogue), postgres::Request(any_product)});
    if (!locked || !locked->back().empty()) return locked ? Result<void>() : fail(locked.error());
    postgres::Parameters columns;
    columns.array(skus).array(on_hand).array(reserved).array(records);
    if (const auto inserted = connection.run(insert_products, std::move(columns)); !inserted) {
        return fail(inserted.error());
    }
    return commit(connection);
}

}  // namespace orderflow::storage
