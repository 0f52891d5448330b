// FeedHub: the subscribers of an OrderFeed, and the call that wakes them. Shared by all stores of this folder.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "libs/orders/ports/order_feed.hpp"

namespace orderflow::storage {

// Any thread. Must outlive its subscriptions.
class FeedHub {
  public:
    FeedHub();
    ~FeedHub();
    FeedHub(const FeedHub&) = delete;
    FeedHub& operator=(const FeedHub&) = delete;

    std::unique_ptr<orders::OrderFeed::Subscription> subscribe(orders::OrderId id, orders::OrderFeed::Callback changed);

    // Runs the callbacks of the order's subscribers, on this thread. Costs next to nothing while nobody listens.
    void publish(const orders::OrderId& id, std::int32_t version);
    // The same for every order that somebody listens to.
    void publish_all(std::int32_t version);

    bool empty() const noexcept { return size_ == 0; }

  private:
    class Entry;

    std::mutex mutex_;  // held while callbacks run: a subscription that has ended is not called any more
    std::unordered_map<orders::OrderId, std::vector<Entry*>> entries_;
    std::atomic<std::size_t> size_ = 0;
};

}  // namespace orderflow::storage
