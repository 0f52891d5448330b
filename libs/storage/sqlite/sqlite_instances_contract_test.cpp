#include "libs/storage/sqlite/sqlite_rig_test.hpp"
#include "tests/contract/instance_store_contract.hpp"

namespace orderflow::instances {
namespace {

class Sqlite : public storage::SqliteRig {
  public:
    InstanceStore& instances() { return store(); }
    InstanceReader& instance_reader() { return reader(); }
};

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, InstanceStoreContract, Sqlite);

}  // namespace
}  // namespace orderflow::instances
