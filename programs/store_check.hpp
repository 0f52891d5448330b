// What --check finds out about the order store that DATABASE_URL names. It changes nothing: a file is looked at, a
// database is asked in a session that cannot write.
#pragma once

#include "libs/base/clock.hpp"
#include "programs/start_check.hpp"
#include "programs/store_location.hpp"

namespace orderflow {

// `absent`: what a start does about a file that is not there or a database that is empty. A server that does not answer
// is bad, although a start would wait for it. Blocks for as long as connecting takes.
void check_store(StartCheck& found, const StoreLocation& location, const Clock& clock, StartCheck::Absent absent);

}  // namespace orderflow
