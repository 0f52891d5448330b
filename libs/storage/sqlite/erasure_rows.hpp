// ErasureRows: finds the orders of a customer and makes tombstones of them.
#pragma once

#include <vector>

#include "libs/orders/domain/erasure.hpp"
#include "libs/sqlite/database.hpp"
#include "libs/storage/sqlite/letter_rows.hpp"
#include "libs/storage/sqlite/order_insert.hpp"
#include "libs/storage/sqlite/order_select.hpp"

namespace orderflow::storage {

// Inside a transaction of the writer. Errors: those of libs/sqlite/errors.hpp.
class ErasureRows {
  public:
    static Result<ErasureRows> prepare(sqlite::Database& database);

    Result<orders::ErasurePage> page(const orders::ErasureQuery& query);
    // Of orders that page() gave in the same transaction. They are settled, so no OrderCache holds them.
    Result<void> erase(const std::vector<orders::OrderId>& ids);

  private:
    ErasureRows(OrderSelect select, OrderInsert insert, LetterRows letters)
        : select_(std::move(select)), insert_(std::move(insert)), letters_(std::move(letters)) {}
    Result<void> find_orders(const orders::ErasureQuery& query, orders::ErasurePage& page);
    sqlite::Cursor candidates(const orders::ErasureQuery& query, std::int64_t up_to);

    OrderSelect select_;
    OrderInsert insert_;
    LetterRows letters_;
    sqlite::Statement numbers_;
    sqlite::Statement numbers_of_key_;
    sqlite::Statement forget_deliveries_;
};

}  // namespace orderflow::storage
