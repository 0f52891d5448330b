// PostgresShelf: the catalogue and its stock as one group sees them.
//
// Stock is read without a lock and what the group takes or gives back is counted in memory; when the group is written,
// each product moves by its difference, on the condition that its bounds still hold. Other workers move the same
// products meanwhile: differences do not get lost, and the condition keeps the last piece from being sold twice.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libs/orders/domain/decide.hpp"
#include "libs/orders/domain/product.hpp"
#include "libs/postgres/connection.hpp"

namespace orderflow::storage {

// SKU and stock lie in columns of their own. The record's checksum covers the SKU and not the stock, which is moved by
// differences.
std::string encode_product(const orders::ShelfItem& item);
// A row of "SELECT sku, on_hand, reserved, record FROM products".
Result<orders::ShelfItem> read_product(const postgres::Rows& rows, std::size_t row);

class PostgresShelf final : public orders::Shelf {
  public:
    // Outlives it; find() asks it for what was not read ahead.
    explicit PostgresShelf(postgres::Connection& connection) : connection_(connection) {}

    // What reads products ahead, and takes what it answered.
    static postgres::Request reading(const postgres::Array& skus);
    Result<void> take(const postgres::Rows& rows);
    // Asked for and not among the rows: not sold.
    void take_missing(const orders::Sku& sku) { slots_.try_emplace(sku.value()); }

    // Null also when the row could not be read: see failure().
    const orders::ShelfItem* find(const orders::Sku& sku) const override;
    const std::optional<Error>& failure() const { return failure_; }

    // Takes or gives back stock of several products, all or nothing. conflict "store.stock" when one of them would
    // leave 0 <= reserved <= on_hand.
    Result<void> move(const std::vector<orders::StockMove>& moves);

    struct Difference {
        std::string sku;
        std::int64_t reserve;
        std::int64_t ship;
    };
    // What moved, by SKU: locks are taken in this order by everybody.
    std::vector<Difference> differences() const;

  private:
    struct Slot {
        std::optional<orders::ShelfItem> item;  // nothing: not sold
        std::int64_t moved = 0;
        std::int64_t shipped = 0;
    };

    postgres::Connection& connection_;
    // find() is const for the domain; that it reads the row when first asked is this adapter's affair.
    mutable std::map<std::string, Slot, std::less<>> slots_;
    mutable std::optional<Error> failure_;
};

}  // namespace orderflow::storage
