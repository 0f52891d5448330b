// Calls that are banned, each with its reason, what to use instead, and where it is allowed.
#pragma once

#include "tools/tidy/finding.hpp"
#include "tools/tidy/source.hpp"

namespace orderflow::tidy {

// Rules: banned-call, using-namespace, floating-point, nolint-reason, unfinished.
Findings check_bans(const Source& source);

}  // namespace orderflow::tidy
