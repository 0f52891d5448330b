// How an order becomes a tombstone. Pure.
#pragma once

#include "libs/postgres/connection.hpp"
#include "libs/storage/records/stored_order.hpp"

namespace orderflow::storage {

// Its row is locked by this transaction and is as `stored` says. Body and search keys go; events and postings stay.
void add_burial(postgres::Unit& unit, const StoredOrder& stored);

}  // namespace orderflow::storage
