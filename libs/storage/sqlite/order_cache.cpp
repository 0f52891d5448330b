#include "libs/storage/sqlite/order_cache.hpp"

#include <utility>

namespace orderflow::storage {

const StoredOrder* OrderCache::find(const orders::OrderId& id) const {
    const auto known = orders_.find(id);
    return known == orders_.end() ? nullptr : &known->second;
}

void OrderCache::put(StoredOrder stored) {
    const auto id = stored.order.id;
    if (capacity_ == 0 || orders::is_settled(stored.order.status)) return erase(id);
    const bool added = orders_.insert_or_assign(id, std::move(stored)).second;
    if (!added) return;
    arrivals_.push_back(id);
    while (arrivals_.size() > capacity_) {
        orders_.erase(arrivals_.front());
        arrivals_.pop_front();
    }
}

void OrderCache::erase(const orders::OrderId& id) { orders_.erase(id); }

void OrderCache::clear() {
    orders_.clear();
    arrivals_.clear();
}

}  // namespace orderflow::storage
