// ErasureRows: finds the orders of a customer and makes tombstones of them.
#pragma once

#include <vector>

#include "libs/orders/domain/erasure.hpp"
#include "libs/postgres/connection.hpp"
#include "libs/storage/records/stored_order.hpp"

namespace orderflow::storage {

// For one transaction.
class ErasureRows {
  public:
    // The orders that it finds stay locked. internal "store.damaged_row" when a checksum does not match; the detail
    // names the row.
    Result<orders::ErasurePage> load(postgres::Connection& connection, const orders::ErasureQuery& query);
    // Of orders that load() gave.
    void add_writes(postgres::Unit& unit, const std::vector<orders::OrderId>& erased) const;

  private:
    Result<void> find_orders(postgres::Connection& connection, const orders::ErasureQuery& query,
                             orders::ErasurePage& page);
    Result<void> lock(postgres::Connection& connection, const std::vector<std::int64_t>& numbers);
    Result<void> find_open_letters(postgres::Connection& connection, orders::ErasurePage& page) const;

    std::vector<StoredOrder> locked_;  // by number
};

}  // namespace orderflow::storage
