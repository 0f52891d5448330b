// The erasure of a customer on every store.
#include "libs/storage/memory/in_memory_order_store.hpp"
#include "libs/storage/postgres/postgres_rig_test.hpp"
#include "libs/storage/sqlite/sqlite_rig_test.hpp"
#include "tests/contract/erasure_contract.hpp"

namespace orderflow::orders {
namespace {

class InMemory {
  public:
    SimLoop& loop() { return loop_; }
    OrderStore& store() { return store_; }
    OrderReader& reader() { return store_; }
    OldestOrders& oldest() { return store_; }
    OperatorStore& operators() { return store_; }
    OperatorReader& operator_reader() { return store_; }
    EndpointStore& endpoints() { return store_; }
    EndpointReader& endpoint_reader() { return store_; }
    Result<bool> bury(const OrderId& id) {
        const auto found = loop_.run(store_.find(id));
        return loop_.run(store_.bury(id, found && found->order ? found->order->version : 0));
    }
    void restart() {}

  private:
    SimLoop loop_;
    TablePricing pricing_ = samples::pricing();
    storage::InMemoryOrderStore store_{loop_.clock(), pricing_, sample_catalogue()};
};
class Sqlite : public storage::SqliteRig {};
class Postgres : public storage::PostgresRig {};

INSTANTIATE_TYPED_TEST_SUITE_P(InMemory, ErasureContract, InMemory);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, ErasureContract, Sqlite);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, ErasureContract, Postgres);

}  // namespace
}  // namespace orderflow::orders
