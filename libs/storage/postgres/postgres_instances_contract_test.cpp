#include "libs/storage/postgres/postgres_rig_test.hpp"
#include "tests/contract/instance_store_contract.hpp"

namespace orderflow::instances {
namespace {

class Postgres : public storage::PostgresRig {
  public:
    InstanceStore& instances() { return store(); }
    InstanceReader& instance_reader() { return reader(); }
};

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, InstanceStoreContract, Postgres);

}  // namespace
}  // namespace orderflow::instances
