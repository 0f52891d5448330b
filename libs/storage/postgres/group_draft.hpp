// GroupDraft: what a group makes of the orders that it read, decided in memory, before anything is written.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "libs/orders/domain/decide.hpp"
#include "libs/orders/domain/stored_dead_letter.hpp"
#include "libs/postgres/rows.hpp"
#include "libs/storage/postgres/postgres_shelf.hpp"
#include "libs/storage/records/command_record.hpp"
#include "libs/storage/records/stored_order.hpp"

namespace orderflow::storage {

struct DraftedOrder {
    // As it was read; number 0: not stored.
    std::int64_t number = 0;
    std::int64_t version = 0;
    std::int64_t revision = 0;
    bool intent_stored = false;

    // As it is now.
    std::optional<StoredOrder> now;
    bool tombstone = false;
    std::optional<orders::CancelIntent> intent;
    bool changed = false;
    bool body_changed = false;

    bool inserted() const { return changed && number == 0; }
    bool keeps_intent() const { return intent && !intent_stored; }
    bool drops_intent() const { return !intent && intent_stored; }
};

// The events of one step of one order, with its postings.
struct Transition {
    DraftedOrder* order;
    std::vector<orders::OrderEvent> events;
    std::vector<orders::LedgerPosting> postings;
};

class GroupDraft {
  public:
    // Both outlive it.
    GroupDraft(PostgresShelf& shelf, const orders::Pricing& pricing, WallTime now)
        : shelf_(shelf), pricing_(pricing), now_(now) {}

    // Rows of select_orders, and of "SELECT id, record FROM cancel_intents". Before the first decide(): what is not
    // among them is not stored.
    Result<void> take_orders(const postgres::Rows& rows);
    Result<void> take_intents(const postgres::Rows& rows);

    // Each change sees what the ones before it made. An error ends the draft: it is of no use any more.
    Result<orders::Step> decide(const orders::Change& change);

    // What is to be written. By id: rows are locked in this order by everybody.
    std::map<orders::OrderId, DraftedOrder>& orders() { return orders_; }
    // In the order in which they were decided.
    std::vector<DraftedOrder*>& inserted() { return inserted_; }
    std::vector<Transition>& transitions() { return transitions_; }
    const std::vector<orders::StoredDeadLetter>& letters() const { return letters_; }
    const std::vector<orders::StoredDeadLetter>& letters_once() const {
        return letters_once_;
    }  // Decision::letter_once
    const std::vector<orders::CommandRecord>& audits() const { return audits_; }
    std::vector<PostgresShelf::Difference> stock() const { return shelf_.differences(); }

  private:
    Result<void> keep(const orders::OrderId& id, orders::Decision& decision);
    void keep_letter(const orders::Change& change, orders::Decision& decision);

    PostgresShelf& shelf_;
    const orders::Pricing& pricing_;
    WallTime now_;
    std::map<orders::OrderId, DraftedOrder> orders_;
    std::vector<DraftedOrder*> inserted_;
    std::vector<Transition> transitions_;
    std::vector<orders::StoredDeadLetter> letters_;
    std::vector<orders::StoredDeadLetter> letters_once_;
    std::vector<orders::CommandRecord> audits_;
};

}  // namespace orderflow::storage
