// SqliteOrderReader: the OrderReader, the OperatorReader, the InstanceReader and the EndpointReader on one SQLite file,
// beside the writer or in another process.
//
// Its connection is query_only and never checkpoints. It lives on an Executor of its own; requests that wait while one
// is served are answered together from one short read transaction.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/executor.hpp"
#include "libs/instances/instance_store.hpp"
#include "libs/orders/ports/endpoint_reader.hpp"
#include "libs/orders/ports/oldest_orders.hpp"
#include "libs/orders/ports/operator_reader.hpp"
#include "libs/orders/ports/order_reader.hpp"
#include "libs/storage/sqlite/stored_ids.hpp"

namespace orderflow::storage {

class SqliteOrderReader final : public orders::OrderReader,
                                public orders::OldestOrders,
                                public orders::OperatorReader,
                                public instances::InstanceReader,
                                public orders::EndpointReader {
  public:
    // The store must have been opened (created, migrated) before. unavailable "sqlite.cannot_open" when it is not
    // there. `executor` outlives the reader; when the reader is destroyed, it runs none of its work any more.
    // `ids`: of the store itself, when it is open in this process; fingerprints of new orders need no read then.
    static Result<std::unique_ptr<SqliteOrderReader>> open(Executor& executor, const std::string& path,
                                                           std::shared_ptr<const StoredIds> ids = nullptr,
                                                           const std::string& vfs = {});
    ~SqliteOrderReader() override;
    SqliteOrderReader(const SqliteOrderReader&) = delete;
    SqliteOrderReader& operator=(const SqliteOrderReader&) = delete;

    // Beside the port's errors: internal "disk.corrupt" for a row whose checksum does not match; the detail names it.
    task<Result<orders::OrderLookup>> find(orders::OrderId id) override;
    task<Result<std::vector<std::optional<orders::Fingerprint>>>> fingerprints(
        std::vector<orders::OrderId> ids) override;
    task<Result<std::vector<orders::OrderEvent>>> events(orders::OrderId id, std::int32_t after) override;
    task<Result<std::vector<orders::ShelfItem>>> products() override;
    task<Result<orders::OrderPage>> list(orders::OrderQuery query) override;
    task<Result<std::vector<orders::LedgerPosting>>> ledger(orders::OrderId id) override;
    task<Result<std::vector<orders::StoredDeadLetter>>> dead_letters(std::int64_t after, std::uint32_t limit) override;

    task<Result<orders::OrderPage>> oldest(orders::OldestQuery query) override;
    task<Result<std::int64_t>> complete_through() override;

    task<Result<orders::LetterPage>> letters(orders::LetterQuery query) override;
    task<Result<std::optional<orders::StoredDeadLetter>>> letter(std::int64_t number) override;
    task<Result<std::int64_t>> letter_count(orders::LetterSelection selection, orders::LetterState state) override;
    task<Result<std::vector<orders::LetterGroup>>> letter_groups(orders::LetterState state) override;
    task<Result<orders::CommandPage>> commands(orders::CommandQuery query) override;
    task<Result<std::optional<orders::CommandRecord>>> command(std::string id) override;
    task<Result<orders::WorkerSettings>> worker_settings() override;

    task<Result<std::vector<instances::InstanceRow>>> newest_rows(WallTime since) override;
    task<Result<std::vector<instances::InstanceRow>>> rows(WallTime after, WallTime until) override;

    task<Result<std::vector<orders::EventEndpoint>>> endpoints() override;
    task<Result<std::optional<orders::EventEndpoint>>> endpoint(std::string id) override;
    task<Result<std::vector<orders::EventLane>>> lanes(std::string endpoint) override;
    task<Result<orders::DeliveryPage>> deliveries(orders::DeliveryQuery query) override;
    task<Result<std::vector<orders::EventDelivery>>> deliveries_of(orders::OrderId order) override;
    task<Result<orders::FeedPage>> feed(orders::EventPosition after, std::uint32_t transitions) override;
    task<Result<orders::EventPosition>> feed_head() override;

  private:
    struct State;
    explicit SqliteOrderReader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace orderflow::storage
