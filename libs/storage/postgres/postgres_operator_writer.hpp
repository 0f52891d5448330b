// PostgresOperatorWriter: decides and writes one change of an operator in one transaction.
//
// One worker at a time: operators ask rarely, and a command goes over letters that another may be about.
#pragma once

#include "libs/orders/domain/decide_operator.hpp"
#include "libs/postgres/connection.hpp"

namespace orderflow::storage {

// Durable when it returns. From the connection's Executor only. Errors as PostgresGroupWriter::apply().
Result<orders::OperatorStep> apply_operator_change(postgres::Connection& connection,
                                                   const orders::OperatorChange& change, WallTime now);

}  // namespace orderflow::storage
