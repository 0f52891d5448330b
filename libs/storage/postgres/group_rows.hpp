// GroupRows: the statements that write a drafted group, one for each table, whatever the number of orders.
#pragma once

#include <cstddef>
#include <vector>

#include "libs/postgres/connection.hpp"
#include "libs/storage/postgres/group_draft.hpp"

namespace orderflow::storage {

// A unit of statements with what each must have done: one that changed fewer rows met another worker.
class GroupRows {
  public:
    // `numbers` of the orders that are inserted and `seqs` of the transitions, in their order: what begin() answered.
    // The draft's orders get them.
    GroupRows(GroupDraft& draft, const postgres::Rows& numbers, const postgres::Rows& seqs);

    // What begins the transaction; its last two answers are numbers for the new rows.
    static postgres::Unit begin(GroupDraft& draft);

    const postgres::Unit& unit() const { return unit_; }
    // unavailable "store.version_changed" or "store.stock_changed": the group is to be decided again.
    Result<void> check(const std::vector<postgres::Rows>& answers) const;

  private:
    struct Expected {
        enum class Of : std::uint8_t { anything, changed, count };
        Of of = Of::anything;
        std::size_t rows = 0;
        const char* otherwise = "";
    };

    void add_intents(GroupDraft& draft);
    void add_orders(GroupDraft& draft);
    void add_bodies_and_keys(GroupDraft& draft);
    void add_transitions(GroupDraft& draft, const postgres::Rows& seqs);
    void add_letters(const GroupDraft& draft);
    void add_audits(const GroupDraft& draft);
    void add_stock(const GroupDraft& draft);
    void add(const postgres::Statement& statement, std::vector<const postgres::Array*> columns, Expected expected);

    postgres::Unit unit_;
    std::vector<Expected> expected_;
};

}  // namespace orderflow::storage
