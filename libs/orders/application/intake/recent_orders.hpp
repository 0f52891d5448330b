// RecentOrders: what this process was asked to take a moment ago, by order id. It closes the gap until the store knows
// an order: a repeated key is answered without sending again, and other content under it is seen.
#pragma once

#include <cstddef>
#include <list>
#include <mutex>
#include <unordered_map>

#include "libs/orders/application/intake/key_use.hpp"
#include "libs/orders/domain/ids.hpp"

namespace orderflow::orders {

// How the hand-over of an order ended.
enum class HandOver : std::uint8_t {
    done,     // the queue has it
    refused,  // it certainly has it not
    unknown,
};

// Any thread. Bounded: the least recently used entry goes first; forgetting one costs a read of the store or a message
// that the worker finds repeated, never a second order.
class RecentOrders {
  public:
    explicit RecentOrders(std::size_t capacity) : capacity_(capacity) {}

    // What is known of the key behind `id`. An order that is on its way counts for `reused`, but is no replay yet.
    KeyUse check(const OrderId& id, const Fingerprint& fingerprint);

    // check(), and when it may be sent (KeyUse::fresh) notes that it is on its way. Each such begin needs one end().
    KeyUse begin(const OrderId& id, const Fingerprint& fingerprint);
    void end(const OrderId& id, const Fingerprint& fingerprint, HandOver how);

    // The store or the queue has it.
    void remember(const OrderId& id, const Fingerprint& fingerprint) { end(id, fingerprint, HandOver::done); }

    std::size_t size() const;

  private:
    struct Entry {
        OrderId id;
        Fingerprint fingerprint;
        std::size_t on_the_way = 0;
        bool accepted = false;
        bool maybe_accepted = false;
    };
    using Entries = std::list<Entry>;  // most recently used first

    Entry* find(const OrderId& id);
    Entry& insert(const OrderId& id, const Fingerprint& fingerprint);

    mutable std::mutex mutex_;
    std::size_t capacity_;
    Entries entries_;
    std::unordered_map<OrderId, Entries::iterator> by_id_;
};

}  // namespace orderflow::orders
