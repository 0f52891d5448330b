// SqliteOrderFeed: the OrderFeed of a process that only reads the order store, beside the one that writes it.
//
// While somebody listens it asks SQLite every `poll` whether another connection has committed (PRAGMA data_version),
// and only then reads which orders have new events; while nobody does it does nothing. The store wakes listeners in its
// own process without that.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "libs/base/clock.hpp"
#include "libs/base/executor.hpp"
#include "libs/base/result.hpp"
#include "libs/orders/ports/order_feed.hpp"

namespace orderflow::storage {

struct SqliteFeedOptions {
    std::string path;
    std::chrono::milliseconds poll{50};
    std::string vfs{};  // see libs/sqlite/database.hpp
};

class SqliteOrderFeed final : public orders::OrderFeed {
  public:
    // The store must have been opened (created, migrated) before. unavailable "sqlite.cannot_open" when it is not
    // there. `executor` (its work blocks on the disk) and `clock` outlive the feed; when the feed is destroyed, the
    // executor runs none of its work any more.
    static Result<std::unique_ptr<SqliteOrderFeed>> open(Executor& executor, const Clock& clock,
                                                         SqliteFeedOptions options);
    ~SqliteOrderFeed() override;
    SqliteOrderFeed(const SqliteOrderFeed&) = delete;
    SqliteOrderFeed& operator=(const SqliteOrderFeed&) = delete;

    // A listener is also called once without a change, with version 0, when it is the first: what was committed
    // between its own reading and the first look is not known. A look that fails is repeated with the next one.
    [[nodiscard]] std::unique_ptr<Subscription> subscribe(orders::OrderId id, Callback changed) override;

  private:
    struct State;
    explicit SqliteOrderFeed(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace orderflow::storage
