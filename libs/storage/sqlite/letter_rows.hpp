// LetterRows: the rows of dead_letters: found by number, state, code and order, and changed.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "libs/orders/ports/operator_reader.hpp"
#include "libs/sqlite/database.hpp"

namespace orderflow::storage {

// Inside a transaction. Errors: those of libs/sqlite/errors.hpp; "disk.corrupt" for a row whose checksum does not
// match.
class LetterRows {
  public:
    static Result<LetterRows> prepare(sqlite::Database& database);

    Result<std::optional<orders::StoredDeadLetter>> find(std::int64_t number);
    // `query.limit` at most, as it stands there.
    Result<std::vector<orders::StoredDeadLetter>> read(const orders::LetterQuery& query);
    // Up to letters_counted_max.
    Result<std::int64_t> count(const orders::LetterSelection& selection, orders::LetterState state);
    Result<std::vector<orders::LetterGroup>> groups(orders::LetterState state);
    // 0 when there are none.
    Result<std::int64_t> newest();
    // The number of the first open one about an order.
    Result<std::optional<std::int64_t>> open_about(const orders::OrderId& order);
    // An open or discarded one of this code about an order is there.
    Result<bool> stands(const orders::OrderId& order, std::string_view code);
    // Redriven or discarded, and about an order of which a tombstone is left; lowest number first.
    Result<std::vector<orders::StoredDeadLetter>> left_over(std::uint32_t limit);

    // Writer. Nothing when a letter with that message id is there; its number is the store's to give.
    Result<void> insert(const orders::StoredDeadLetter& letter);
    Result<void> update(const orders::StoredDeadLetter& letter);
    // Writer. Fills the columns of rows that a program of the first version wrote.
    Result<void> complete_old_rows();

  private:
    LetterRows() = default;
    Result<std::vector<orders::StoredDeadLetter>> read_numbers(const orders::LetterQuery& query);
    sqlite::Cursor candidates(const orders::LetterQuery& query, std::uint32_t limit);

    sqlite::Statement by_number_;
    sqlite::Statement by_code_;
    sqlite::Statement by_order_;
    sqlite::Statement by_state_;
    sqlite::Statement count_number_;
    sqlite::Statement count_code_;
    sqlite::Statement count_order_;
    sqlite::Statement count_state_;
    sqlite::Statement groups_;
    sqlite::Statement newest_;
    sqlite::Statement open_about_;
    sqlite::Statement stands_;
    sqlite::Statement left_over_;
    sqlite::Statement insert_;
    sqlite::Statement update_;
    sqlite::Statement old_rows_;
};

}  // namespace orderflow::storage
