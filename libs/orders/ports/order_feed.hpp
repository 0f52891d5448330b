// OrderFeed: tells readers that an order changed, after the change is durable. A wake-up only: what changed is read
// from the OrderReader, so that a missed or doubled call does no harm.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "libs/orders/domain/ids.hpp"

namespace orderflow::orders {

class OrderFeed {
  public:
    // Destroying it ends the subscription; the callback does not run any more when the destructor has returned.
    class Subscription {
      public:
        virtual ~Subscription() = default;
    };
    using Callback = std::function<void(std::int32_t version)>;  // 0: not known

    virtual ~OrderFeed() = default;

    // `changed` runs after each commit that touched the order, on the publisher's thread: it must be quick, must not
    // call back into the feed and usually posts to an executor. Any thread.
    [[nodiscard]] virtual std::unique_ptr<Subscription> subscribe(OrderId id, Callback changed) = 0;
};

}  // namespace orderflow::orders
