#include "libs/storage/postgres/postgres_rig_test.hpp"
#include "tests/contract/change_records_contract.hpp"
#include "tests/contract/operator_store_contract.hpp"
#include "tests/contract/order_store_contract.hpp"
#include "tests/contract/order_store_contract_reading.hpp"
#include "tests/contract/order_store_contract_walk.hpp"

namespace orderflow::orders {
namespace {

class Postgres : public storage::PostgresRig {};

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, OrderStoreContract, Postgres);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, OrderReaderContract, Postgres);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, OperatorStoreContract, Postgres);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, ChangeRecordsContract, Postgres);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, OrderStoreWalk, Postgres);

}  // namespace
}  // namespace orderflow::orders
