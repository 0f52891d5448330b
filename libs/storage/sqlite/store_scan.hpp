// scan_store(): everything in an order store that no program has open, once, for an audit. Not for a request.
#pragma once

#include <string>

#include "libs/base/result.hpp"
#include "libs/storage/store_walk.hpp"

namespace orderflow::storage {

// Orders in the order in which they were stored, one in memory at a time. Every row's checksum is verified. Writes
// nothing. Errors: those of sqlite::open_at_rest() and of libs/sqlite/errors.hpp; what was visited before stands.
Result<void> scan_store(const std::string& path, StoreVisitor& visitor);

}  // namespace orderflow::storage
