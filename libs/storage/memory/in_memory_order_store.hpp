// InMemoryOrderStore: the ports of the order store on plain containers, for tests and the simulation. Nothing is
// durable. Meant to be obviously right: the contract suite compares the real stores with the same rules.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/orders/domain/decide.hpp"
#include "libs/orders/domain/pricing.hpp"
#include "libs/orders/ports/endpoint_reader.hpp"
#include "libs/orders/ports/endpoint_store.hpp"
#include "libs/orders/ports/oldest_orders.hpp"
#include "libs/orders/ports/operator_reader.hpp"
#include "libs/orders/ports/operator_store.hpp"
#include "libs/orders/ports/order_burial.hpp"
#include "libs/orders/ports/order_feed.hpp"
#include "libs/orders/ports/order_reader.hpp"
#include "libs/orders/ports/order_store.hpp"
#include "libs/storage/feed_hub.hpp"
#include "libs/storage/memory/memory_endpoints.hpp"

namespace orderflow::storage {

// Every call is done when it returns, on the caller's thread; any thread.
class InMemoryOrderStore final : public orders::OrderStore,
                                 public orders::OrderBurial,
                                 public orders::OrderReader,
                                 public orders::OldestOrders,
                                 public orders::OperatorStore,
                                 public orders::OperatorReader,
                                 public orders::EndpointStore,
                                 public orders::EndpointReader,
                                 public orders::OrderFeed {
  public:
    // `clock` and `pricing` outlive the store.
    InMemoryOrderStore(const Clock& clock, const orders::Pricing& pricing, std::vector<orders::ShelfItem> catalogue);
    ~InMemoryOrderStore() override;

    task<Result<std::vector<Result<orders::Step>>>> apply(std::vector<orders::Change> group) override;

    task<Result<orders::OrderLookup>> find(orders::OrderId id) override;
    task<Result<std::vector<std::optional<orders::Fingerprint>>>> fingerprints(
        std::vector<orders::OrderId> ids) override;
    task<Result<std::vector<orders::OrderEvent>>> events(orders::OrderId id, std::int32_t after) override;
    task<Result<std::vector<orders::ShelfItem>>> products() override;
    task<Result<orders::OrderPage>> list(orders::OrderQuery query) override;
    task<Result<orders::OrderPage>> oldest(orders::OldestQuery query) override;
    task<Result<std::int64_t>> complete_through() override;
    task<Result<std::vector<orders::LedgerPosting>>> ledger(orders::OrderId id) override;
    task<Result<std::vector<orders::StoredDeadLetter>>> dead_letters(std::int64_t after, std::uint32_t limit) override;

    task<Result<orders::OperatorStep>> operate(orders::OperatorChange change) override;

    task<Result<orders::LetterPage>> letters(orders::LetterQuery query) override;
    task<Result<std::optional<orders::StoredDeadLetter>>> letter(std::int64_t number) override;
    task<Result<std::int64_t>> letter_count(orders::LetterSelection selection, orders::LetterState state) override;
    task<Result<std::vector<orders::LetterGroup>>> letter_groups(orders::LetterState state) override;
    task<Result<orders::CommandPage>> commands(orders::CommandQuery query) override;
    task<Result<std::optional<orders::CommandRecord>>> command(std::string id) override;
    task<Result<orders::WorkerSettings>> worker_settings() override;

    task<Result<bool>> change_lease(orders::LeaseChange change) override;
    task<Result<void>> record(orders::DeliveryProgress progress) override;
    task<Result<std::vector<orders::EventEndpoint>>> endpoints() override;
    task<Result<std::optional<orders::EventEndpoint>>> endpoint(std::string id) override;
    task<Result<std::vector<orders::EventLane>>> lanes(std::string endpoint) override;
    task<Result<orders::DeliveryPage>> deliveries(orders::DeliveryQuery query) override;
    task<Result<std::vector<orders::EventDelivery>>> deliveries_of(orders::OrderId order) override;
    task<Result<orders::FeedPage>> feed(orders::EventPosition after, std::uint32_t transitions) override;
    task<Result<orders::EventPosition>> feed_head() override;

    [[nodiscard]] std::unique_ptr<Subscription> subscribe(orders::OrderId id, Callback changed) override;

    task<Result<bool>> bury(orders::OrderId id, std::int32_t version) override;

  private:
    class MemoryShelf;
    struct Buried {
        orders::OrderStatus last_status;
        orders::Fingerprint fingerprint;
    };

    Result<orders::Step> apply_one(const orders::Change& change, std::vector<orders::Order>& touched);
    void write(const orders::OrderId& id, orders::Decision& decision, std::vector<orders::Order>& touched);
    std::int64_t count_letters(const orders::LetterSelection& selection, orders::LetterState state) const;
    orders::LetterPage find_letters(const orders::LetterQuery& query) const;
    const orders::CommandRecord* find_command(const std::string& id) const;
    void put_command(orders::CommandRecord record);
    orders::ErasurePage find_to_erase(const orders::ErasureQuery& query) const;
    void make_tombstone(const orders::OrderId& id);

    const Clock& clock_;
    const orders::Pricing& pricing_;
    FeedHub feed_;

    std::mutex mutex_;  // guards all below
    std::unique_ptr<MemoryShelf> shelf_;
    std::map<orders::OrderId, orders::Order> orders_;
    std::map<orders::OrderId, Buried> tombstones_;
    std::map<orders::OrderId, std::vector<orders::OrderEvent>> events_;
    std::map<orders::OrderId, std::vector<orders::LedgerPosting>> ledger_;
    std::map<orders::OrderId, orders::CancelIntent> intents_;
    std::vector<orders::StoredDeadLetter> letters_;  // the place of each is its number less one
    std::vector<orders::CommandRecord> commands_;
    orders::WorkerSettings worker_settings_;
    orders::CommandTimes command_times_;
    std::map<std::int64_t, orders::OrderId> by_number_;
    MemoryEndpoints endpoints_;
};

}  // namespace orderflow::storage
