#include "libs/storage/sqlite/sqlite_rig_test.hpp"
#include "tests/contract/change_records_contract.hpp"
#include "tests/contract/operator_store_contract.hpp"
#include "tests/contract/order_store_contract.hpp"
#include "tests/contract/order_store_contract_reading.hpp"
#include "tests/contract/order_store_contract_walk.hpp"

namespace orderflow::orders {
namespace {

// With the default cache of orders, and with none, where every step is read from the file.
class Sqlite : public storage::SqliteRig {};

storage::SqliteStoreOptions uncached() {
    storage::SqliteStoreOptions options;
    options.cached_orders = 0;
    return options;
}
class SqliteUncached : public storage::SqliteRig {
  public:
    SqliteUncached() : SqliteRig(uncached()) {}
};

using Stores = ::testing::Types<Sqlite, SqliteUncached>;
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, OrderStoreContract, Stores);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, OrderReaderContract, Sqlite);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, OperatorStoreContract, Sqlite);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, ChangeRecordsContract, Sqlite);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, OrderStoreWalk, Stores);

}  // namespace
}  // namespace orderflow::orders
