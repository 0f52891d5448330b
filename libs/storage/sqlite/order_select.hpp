// OrderSelect: reads whole orders; shared by the writer and the readers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "libs/orders/domain/order.hpp"
#include "libs/sqlite/database.hpp"
#include "libs/storage/records/stored_order.hpp"

namespace orderflow::storage {

// Errors: those of libs/sqlite/errors.hpp; "disk.corrupt" for a row whose checksum does not match.
class OrderSelect {
  public:
    static Result<OrderSelect> prepare(sqlite::Database& database);

    Result<FoundOrder> find(const orders::OrderId& id);
    Result<FoundOrder> at(std::int64_t number);
    // All of them in the order of their numbers, each to be read with read().
    sqlite::Cursor all() { return all_.query(); }
    // Those with a higher number that are no tombstones, `limit` at most, in the same order.
    sqlite::Cursor after(std::int64_t number, std::size_t limit) { return after_.query(number, limit); }
    sqlite::Cursor after(std::int64_t number, std::size_t limit, orders::OrderStatus status) {
        return after_of_status_.query(number, limit, std::to_underlying(status));
    }
    // The highest number, also of a tombstone; 0 for none.
    Result<std::int64_t> newest();
    static Result<FoundOrder> read(const sqlite::Cursor& row);
    // Of an order or its tombstone.
    Result<std::optional<orders::Fingerprint>> fingerprint(const orders::OrderId& id);
    // 0 when not stored.
    Result<std::int64_t> number_of(const orders::OrderId& id);

  private:
    OrderSelect() = default;

    sqlite::Statement by_id_;
    sqlite::Statement by_number_;
    sqlite::Statement row_by_id_;
    sqlite::Statement number_by_id_;
    sqlite::Statement all_;
    sqlite::Statement after_;
    sqlite::Statement after_of_status_;
    sqlite::Statement newest_;
};

}  // namespace orderflow::storage
