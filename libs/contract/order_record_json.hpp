// An order with everything that is kept about it, as one line of an export or an archive. docs/formats/export.md.
#pragma once

#include <string>
#include <vector>

#include "libs/orders/domain/event.hpp"
#include "libs/orders/domain/order.hpp"
#include "libs/orders/domain/payment.hpp"

namespace orderflow::contract {

// {"order":Order,"events":[Event...],"ledger":[{effect,debit,credit,amount,at}...]} without a line feed; Order and
// Event as in components/schemas of contracts/openapi.yaml.
std::string encode_order_record(const orders::Order& order, const std::vector<orders::OrderEvent>& events,
                                const std::vector<orders::LedgerPosting>& ledger);

}  // namespace orderflow::contract
