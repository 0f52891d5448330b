// StoredIds: tells of an order's id that the store certainly does not have it, without asking the store.
//
// Nearly every order that comes in is new, and both the API (is this key known?) and the writer (is this message a
// repeat?) had to search the index of all orders to learn that. This is a Bloom filter in blocks of one cache line
// (Putze, Sanders, Singler: Cache-, Hash- and Space-Efficient Bloom Filters, 2007), so the question costs one access to
// memory. It may take a new id for a stored one: then the store is asked as before.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

#include "libs/orders/domain/ids.hpp"

namespace orderflow::storage {

// Any thread. What add() was told before a call began is seen by it, when the caller has other means to know of that
// add() (a commit, an answer, a post).
class StoredIds {
  public:
    // For a store that holds `orders` now, with room for as many again and a million. Of more than that, more and more
    // new ids are taken for stored ones.
    explicit StoredIds(std::uint64_t orders);

    // Before the order can be seen in the store. What is rolled back stays: it only costs a question to the store.
    void add(const orders::OrderId& id) noexcept;
    // Every stored order was added, and will be.
    void complete() noexcept { complete_.store(true, std::memory_order_release); }

    // True only when the order is certainly not stored; never before complete().
    bool excludes(const orders::OrderId& id) const noexcept;

    std::size_t bytes() const noexcept { return blocks_.size() * sizeof(Block); }

  private:
    struct alignas(64) Block {
        std::array<std::atomic<std::uint64_t>, 8> words{};
    };
    struct Place;  // of one id
    Place place_of(const orders::OrderId& id) const noexcept;

    std::vector<Block> blocks_;  // a power of two
    std::atomic<bool> complete_ = false;
};

}  // namespace orderflow::storage
