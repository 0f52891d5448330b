// `orderflow migrate`: brings the tables of a PostgreSQL order store up to this program's schema version.
#pragma once

#include <span>

#include "libs/base/clock.hpp"
#include "libs/base/settings.hpp"

namespace orderflow {

// To be run as a role that may create tables, before programs that need the new version start; programs of the version
// before go on working. 0: done, or nothing to do; exit_failed with the reason on stderr.
int run_migrate(std::span<const char* const> words, const Environment& environment, const Clock& clock);

}  // namespace orderflow
