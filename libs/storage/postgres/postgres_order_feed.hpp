// PostgresOrderFeed: the OrderFeed of every process on a PostgreSQL database, also of those that write.
//
// The notification of a commit (NOTIFY) says only that it is time to look; what changed is read from order_events
// behind a cursor. A feed that is not notified looks once a second all the same. While nobody listens it does nothing.
//
// The order of the sequence is not the order of commits: a transaction that took its number earlier may commit later.
// The cursor therefore goes by transaction and stays below the oldest one that is still running.
// Source: PostgreSQL documentation, "Transaction ID and Snapshot Information Functions".
#pragma once

#include <chrono>
#include <memory>

#include "libs/base/clock.hpp"
#include "libs/base/executor.hpp"
#include "libs/base/result.hpp"
#include "libs/orders/ports/order_feed.hpp"
#include "libs/postgres/connection.hpp"

namespace orderflow::storage {

struct PostgresFeedOptions {
    postgres::ConnectOptions connect;
    std::chrono::milliseconds poll{20};       // looks at the socket for a notification, without asking the server
    std::chrono::milliseconds recheck{1000};  // asks the server although there was none
};

class PostgresOrderFeed final : public orders::OrderFeed {
  public:
    // Connects when the first listener comes. `executor` (its work blocks on the network) and `clock` outlive the feed;
    // when the feed is destroyed, the executor runs none of its work any more.
    PostgresOrderFeed(Executor& executor, const Clock& clock, PostgresFeedOptions options);
    ~PostgresOrderFeed() override;
    PostgresOrderFeed(const PostgresOrderFeed&) = delete;
    PostgresOrderFeed& operator=(const PostgresOrderFeed&) = delete;

    // All listeners are also called once without a change, with version 0, when the first one comes and whenever the
    // connection was made anew: what was committed before the cursor is not known.
    [[nodiscard]] std::unique_ptr<Subscription> subscribe(orders::OrderId id, Callback changed) override;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace orderflow::storage
