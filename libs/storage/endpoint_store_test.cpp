// The endpoints of events on every adapter of their ports.
#include "libs/storage/memory/in_memory_order_store.hpp"
#include "libs/storage/postgres/postgres_rig_test.hpp"
#include "libs/storage/sqlite/sqlite_rig_test.hpp"
#include "tests/contract/endpoint_store_contract.hpp"

namespace orderflow::orders {
namespace {

class InMemory {
  public:
    SimLoop& loop() { return loop_; }
    OrderStore& store() { return store_; }
    OrderReader& reader() { return store_; }
    OperatorStore& operators() { return store_; }
    OperatorReader& operator_reader() { return store_; }
    EndpointStore& endpoints() { return store_; }
    EndpointReader& endpoint_reader() { return store_; }
    void restart() {}

  private:
    SimLoop loop_;
    TablePricing pricing_ = samples::pricing();
    storage::InMemoryOrderStore store_{loop_.clock(), pricing_, sample_catalogue()};
};
class Sqlite : public storage::SqliteRig {};
class Postgres : public storage::PostgresRig {};

INSTANTIATE_TYPED_TEST_SUITE_P(InMemory, EndpointStoreContract, InMemory);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, EndpointStoreContract, Sqlite);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, EndpointStoreContract, Postgres);

}  // namespace
}  // namespace orderflow::orders
