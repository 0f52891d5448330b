// SqliteShelf: the catalogue and its stock inside one transaction of the writer.
//
// A product's row is read once per transaction, when it is first asked for; what orders of the group take is counted
// in memory; at the end each product that changed is updated once, in SKU order.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "libs/orders/domain/decide.hpp"
#include "libs/orders/domain/product.hpp"
#include "libs/sqlite/database.hpp"

namespace orderflow::storage {

class SqliteShelf final : public orders::Shelf {
  public:
    static Result<SqliteShelf> prepare(sqlite::Database& database);

    // Forgets what was read: a new transaction begins.
    void begin();

    // Null also when the row could not be read: see failure().
    const orders::ShelfItem* find(const orders::Sku& sku) const override;
    // The first error of find() since begin().
    const std::optional<Error>& failure() const { return failure_; }

    // Takes or gives back stock of several products, all or nothing. conflict "store.stock" when one of them would
    // leave 0 <= reserved <= on_hand.
    Result<void> move(const std::vector<orders::StockMove>& moves);

    // `on_hand` pieces are there, and `reserved` of them stays as it is. conflict "store.stock" when the product is not
    // sold or more than that is reserved.
    Result<void> set_on_hand(const orders::Sku& sku, std::int64_t on_hand);

    // The product is this from now on; its `reserved` has to be what find() gave, or none. conflict "store.stock" when
    // more than is there is reserved.
    Result<void> put(const orders::ShelfItem& item);

    // Writes what moved. unavailable "store.stock_changed" when a row is not what was read: nobody else may write it.
    Result<void> flush();

    // Puts products into an empty catalogue; does nothing when there are any.
    Result<void> fill(const std::vector<orders::ShelfItem>& items);

  private:
    struct Slot {
        std::optional<orders::ShelfItem> item;  // nothing: not sold
        orders::Stock at_start;
        bool is_new = false;  // has no row yet
        bool is_put = false;
    };
    SqliteShelf() = default;
    Result<Slot> load(const orders::Sku& sku) const;
    Slot* slot(const orders::Sku& sku) const;

    // find() is const for the domain; that it reads the row when first asked is this adapter's affair.
    mutable sqlite::Statement select_;
    mutable std::unordered_map<std::string, Slot> slots_;
    mutable std::optional<Error> failure_;
    sqlite::Statement update_;
    sqlite::Statement insert_;
    sqlite::Statement any_;
};

}  // namespace orderflow::storage
