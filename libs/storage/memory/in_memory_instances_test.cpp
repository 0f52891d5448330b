#include "libs/storage/memory/in_memory_instances.hpp"

#include "libs/storage/memory/in_memory_order_store.hpp"
#include "libs/testing/order_samples.hpp"
#include "tests/contract/instance_store_contract.hpp"

namespace orderflow::instances {
namespace {

class InMemory {
  public:
    SimLoop& loop() { return loop_; }
    InstanceStore& instances() { return instances_; }
    InstanceReader& instance_reader() { return instances_; }
    orders::OperatorStore& operators() { return store_; }
    orders::OperatorReader& operator_reader() { return store_; }
    void restart() {}

  private:
    SimLoop loop_;
    orders::TablePricing pricing_ = orders::samples::pricing();
    storage::InMemoryOrderStore store_{loop_.clock(), pricing_, {}};
    storage::InMemoryInstances instances_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(InMemory, InstanceStoreContract, InMemory);

}  // namespace
}  // namespace orderflow::instances
