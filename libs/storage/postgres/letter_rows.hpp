// The rows of dead_letters: how they are found, and the columns of those that are written. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "libs/base/result.hpp"
#include "libs/orders/domain/operator_command.hpp"
#include "libs/orders/domain/stored_dead_letter.hpp"
#include "libs/postgres/connection.hpp"

namespace orderflow::storage {

// `query.limit` at most, as it stands there.
postgres::Request letters_request(const orders::LetterQuery& query);
// One number: how many are in that state, up to letters_counted_max.
postgres::Request letter_count_request(const orders::LetterSelection& selection, orders::LetterState state);
// internal "store.damaged_row" when a checksum does not match; the detail names the row.
Result<std::vector<orders::StoredDeadLetter>> read_letters(const postgres::Rows& rows);
// Its number, message id and record lie in `column` and the two columns behind it. Errors as above.
Result<orders::StoredDeadLetter> read_letter(const postgres::Rows& rows, std::size_t row, int column);

// Redriven or discarded, and about an order of which a tombstone is left; lowest number first.
postgres::Request left_over_request(std::uint32_t limit);

// Letters as arrays, for `unnest`.
class LetterColumns {
  public:
    explicit LetterColumns(const std::vector<orders::StoredDeadLetter>& letters);

    // A letter whose message id is there is passed over; its number is the store's to give.
    postgres::Request insertion() const;
    // So is one whose order has an open or discarded one of its code.
    postgres::Request insertion_once() const;
    // By number.
    postgres::Request update() const;

  private:
    postgres::Request inserted_by(const postgres::Statement& statement) const;

    postgres::Array numbers_ = postgres::Array::of_integers();
    postgres::Array message_ids_ = postgres::Array::of_texts();
    postgres::Array states_ = postgres::Array::of_integers();
    postgres::Array codes_ = postgres::Array::of_texts();
    postgres::Array queues_ = postgres::Array::of_texts();
    postgres::Array orders_ = postgres::Array::of_uuids();
    postgres::Array records_ = postgres::Array::of_blobs();
};

}  // namespace orderflow::storage
