// MemoryShelf: the catalogue and its stock of InMemoryOrderStore.
#pragma once

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "libs/base/invariant.hpp"
#include "libs/storage/memory/in_memory_order_store.hpp"

namespace orderflow::storage {

class InMemoryOrderStore::MemoryShelf final : public orders::Shelf {
  public:
    explicit MemoryShelf(std::vector<orders::ShelfItem> catalogue) {
        for (auto& item : catalogue) {
            auto sku = item.product.sku;
            items_.emplace(std::move(sku), std::move(item));
        }
    }

    const orders::ShelfItem* find(const orders::Sku& sku) const override {
        const auto item = items_.find(sku);
        return item == items_.end() ? nullptr : &item->second;
    }

    void move(const std::vector<orders::StockMove>& moves) {
        for (const auto& move : moves) {
            auto& stock = items_.at(move.sku).stock;
            stock.reserved += move.reserve;
            stock.on_hand -= move.ship;
            ORDERFLOW_INVARIANT(stock.reserved >= 0 && stock.reserved <= stock.on_hand);
        }
    }

    void set_on_hand(const orders::Sku& sku, std::int64_t on_hand) {
        auto& stock = items_.at(sku).stock;
        stock.on_hand = on_hand;
        ORDERFLOW_INVARIANT(stock.reserved <= stock.on_hand);
    }

    void put(const orders::ShelfItem& item) { items_.insert_or_assign(item.product.sku, item); }

    std::vector<orders::ShelfItem> items() const {
        std::vector<orders::ShelfItem> items;
        items.reserve(items_.size());
        for (const auto& [sku, item] : items_) items.push_back(item);
        std::ranges::sort(items, {}, [](const orders::ShelfItem& item) {
            return std::tie(item.product.category, item.product.name, item.product.sku);
        });
        return items;
    }

  private:
    std::map<orders::Sku, orders::ShelfItem> items_;
};

}  // namespace orderflow::storage
