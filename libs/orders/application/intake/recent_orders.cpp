#include "libs/orders/application/intake/recent_orders.hpp"

namespace orderflow::orders {
namespace {

KeyUse judge(bool accepted, const Fingerprint& known, const Fingerprint& asked) {
    const auto use = judge_key(known, asked);
    return use == KeyUse::replay && !accepted ? KeyUse::fresh : use;
}

}  // namespace

KeyUse RecentOrders::check(const OrderId& id, const Fingerprint& fingerprint) {
    const std::lock_guard lock(mutex_);
    const auto* entry = find(id);
    return entry == nullptr ? KeyUse::fresh : judge(entry->accepted, entry->fingerprint, fingerprint);
}

KeyUse RecentOrders::begin(const OrderId& id, const Fingerprint& fingerprint) {
    const std::lock_guard lock(mutex_);
    auto* entry = find(id);
    const auto use = entry == nullptr ? KeyUse::fresh : judge(entry->accepted, entry->fingerprint, fingerprint);
    if (use != KeyUse::fresh) return use;
    if (entry == nullptr) entry = &insert(id, fingerprint);
    ++entry->on_the_way;
    return use;
}

void RecentOrders::end(const OrderId& id, const Fingerprint& fingerprint, HandOver how) {
    const std::lock_guard lock(mutex_);
    auto* entry = find(id);
    if (entry == nullptr) {  // never noted, or forgotten meanwhile
        if (how == HandOver::refused) return;
        entry = &insert(id, fingerprint);
    }
    // Forgotten and noted again for other content: this answer says nothing about that.
    if (entry->fingerprint != fingerprint) return;
    if (entry->on_the_way > 0) --entry->on_the_way;
    entry->accepted = entry->accepted || how == HandOver::done;
    entry->maybe_accepted = entry->maybe_accepted || how == HandOver::unknown;
    if (entry->on_the_way > 0 || entry->accepted || entry->maybe_accepted) return;
    entries_.erase(by_id_.at(id));
    by_id_.erase(id);
}

std::size_t RecentOrders::size() const {
    const std::lock_guard lock(mutex_);
    return entries_.size();
}

RecentOrders::Entry* RecentOrders::find(const OrderId& id) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &*found->second;
}

RecentOrders::Entry& RecentOrders::insert(const OrderId& id, const Fingerprint& fingerprint) {
    entries_.push_front({.id = id, .fingerprint = fingerprint});
    by_id_.emplace(id, entries_.begin());
    if (entries_.size() > capacity_) {
        by_id_.erase(entries_.back().id);
        entries_.pop_back();
    }
    return entries_.front();
}

}  // namespace orderflow::orders
