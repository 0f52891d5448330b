#include "libs/storage/postgres/group_draft.hpp"

#include <algorithm>
#include <utility>

#include "libs/storage/postgres/order_rows.hpp"
#include "libs/storage/records/order_record.hpp"

namespace orderflow::storage {

Result<void> GroupDraft::take_orders(const postgres::Rows& rows) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
        auto read = read_order(rows, row);
        if (!read) return fail(std::move(read).error());
        auto& order = orders_[read->found.id];
        order.number = read->number;
        order.version = read->version;
        order.revision = read->revision;
        order.tombstone = read->found.tombstone.has_value();
        order.now = std::move(read->found.order);
    }
    return {};
}

Result<void> GroupDraft::take_intents(const postgres::Rows& rows) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const auto id = read_id(rows, row, 0);
        auto intent = decode_intent(id, rows.blob(row, 1));
        if (!intent) return fail(damaged_row("cancel_intents, order " + id.to_string()));
        auto& order = orders_[id];
        order.intent = std::move(intent);
        order.intent_stored = true;
    }
    return {};
}

Result<orders::Step> GroupDraft::decide(const orders::Change& change) {
    const auto* id = orders::order_id_of(change);
    orders::Loaded view;
    if (id != nullptr) {
        const auto& order = orders_[*id];
        view.order = order.now ? &order.now->order : nullptr;
        view.tombstone = order.tombstone;
        view.intent = order.intent && !order.now && !order.tombstone ? &*order.intent : nullptr;
    }
    auto decision = orders::decide(change, view, shelf_, pricing_, now_);
    if (shelf_.failure()) return fail(*shelf_.failure());
    if (decision.letter) keep_letter(change, decision);
    if (decision.audit) audits_.push_back(*std::move(decision.audit));
    if (id != nullptr) {
        if (auto kept = keep(*id, decision); !kept) return fail(std::move(kept).error());
    }
    return std::move(decision.step);
}

// One statement does not see its own rows: of those that are kept once, a group has one itself.
void GroupDraft::keep_letter(const orders::Change& change, orders::Decision& decision) {
    orders::StoredDeadLetter letter(0, *std::move(decision.letter), now_);
    if (const auto* about = orders::letter_order_of(change)) letter.order = *about;
    if (!decision.letter_once) {
        letters_.push_back(std::move(letter));
        return;
    }
    const bool here = std::ranges::any_of(letters_once_, [&](const auto& other) {
        return other.order == letter.order && other.letter.code == letter.letter.code;
    });
    if (!here) letters_once_.push_back(std::move(letter));
}

Result<void> GroupDraft::keep(const orders::OrderId& id, orders::Decision& decision) {
    auto& order = orders_[id];
    if (decision.keep_intent && !order.intent) order.intent = std::move(decision.keep_intent);
    if (decision.drop_intent) order.intent.reset();
    if (!decision.order) return {};
    if (auto moved = shelf_.move(decision.stock); !moved) return moved;
    StoredOrder after(*std::exchange(decision.order, std::nullopt));
    if (order.now) {
        after.order.number = order.now->order.number;
        after.created_bound = order.now->created_bound;
        after.last_event = order.now->last_event;
        order.body_changed |= !same_body(order.now->order, after.order);
    } else {
        after.created_bound = to_unix_ms(after.order.created_at);
        order.body_changed = true;
        inserted_.push_back(&order);
    }
    order.now.emplace(std::move(after));
    order.changed = true;
    if (!decision.events.empty() || !decision.ledger.empty()) {
        transitions_.push_back({&order, std::move(decision.events), std::move(decision.ledger)});
    }
    return {};
}

}  // namespace orderflow::storage
