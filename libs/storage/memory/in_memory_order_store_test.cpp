#include "libs/storage/memory/in_memory_order_store.hpp"

#include "tests/contract/change_records_contract.hpp"
#include "tests/contract/operator_store_contract.hpp"
#include "tests/contract/order_store_contract.hpp"
#include "tests/contract/order_store_contract_reading.hpp"
#include "tests/contract/order_store_contract_walk.hpp"

namespace orderflow::orders {
namespace {

class InMemory {
  public:
    SimLoop& loop() { return loop_; }
    OrderStore& store() { return store_; }
    OrderReader& reader() { return store_; }
    OperatorStore& operators() { return store_; }
    OperatorReader& operator_reader() { return store_; }
    OrderFeed& feed() { return store_; }
    OldestOrders& oldest() { return store_; }
    OrderBurial& burial() { return store_; }
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

INSTANTIATE_TYPED_TEST_SUITE_P(InMemory, OrderStoreContract, InMemory);
INSTANTIATE_TYPED_TEST_SUITE_P(InMemory, OrderReaderContract, InMemory);
INSTANTIATE_TYPED_TEST_SUITE_P(InMemory, OperatorStoreContract, InMemory);
INSTANTIATE_TYPED_TEST_SUITE_P(InMemory, ChangeRecordsContract, InMemory);
INSTANTIATE_TYPED_TEST_SUITE_P(InMemory, OrderStoreWalk, InMemory);

}  // namespace
}  // namespace orderflow::orders
