// PostgresOrderReader: the OrderReader, the OperatorReader, the InstanceReader and the EndpointReader on a PostgreSQL
// database.
//
// Its connection cannot write (default_transaction_read_only). It lives on an Executor with a thread of its own;
// requests that wait while one pipeline is answered go together in the next.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/base/executor.hpp"
#include "libs/instances/instance_store.hpp"
#include "libs/orders/ports/endpoint_reader.hpp"
#include "libs/orders/ports/oldest_orders.hpp"
#include "libs/orders/ports/operator_reader.hpp"
#include "libs/orders/ports/order_reader.hpp"
#include "libs/postgres/connection.hpp"

namespace orderflow::storage {

class PostgresOrderReader final : public orders::OrderReader,
                                  public orders::OldestOrders,
                                  public orders::OperatorReader,
                                  public instances::InstanceReader,
                                  public orders::EndpointReader {
  public:
    // Connects. A server that is not there, or a database that a worker has yet to fill, is no error: reads are
    // unavailable until it is. Errors: as PostgresOrderStore::open().
    // To be called before `executor` runs work of this reader; `executor` and `clock` outlive it; when it is destroyed,
    // the executor runs none of its work any more.
    static Result<std::unique_ptr<PostgresOrderReader>> open(Executor& executor, const Clock& clock,
                                                             postgres::ConnectOptions options);
    ~PostgresOrderReader() override;
    PostgresOrderReader(const PostgresOrderReader&) = delete;
    PostgresOrderReader& operator=(const PostgresOrderReader&) = delete;

    // Beside the port's errors: internal "store.damaged_row" for a row whose checksum does not match.
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
    explicit PostgresOrderReader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace orderflow::storage
