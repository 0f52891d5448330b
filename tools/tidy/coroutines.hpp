// What text can tell about coroutines: captures and parameters that may be gone when a coroutine goes on.
#pragma once

#include "tools/tidy/finding.hpp"
#include "tools/tidy/source.hpp"

namespace orderflow::tidy {

// Rules:
// - lambda-coroutine: a lambda with a co_ keyword in its own body has captures. They live in the closure, not in the
//   frame of the coroutine.
// - coroutine-parameter: a function that returns task<> takes a reference, a view or a span, and no comment says that
//   the object outlives it. Looked for where the function is first declared: headers, and functions of a .cpp whose
//   name is not qualified and not in `header` (the header of the same name). A comment with "outlive" covers its
//   function: above it, in its parameter list, or at its end. A class covers all its functions in the comment above the
//   class.
// What it cannot see: a task<> behind another alias, and whether the comment is true.
Findings check_coroutines(const Source& source, const Source* header = nullptr);

}  // namespace orderflow::tidy
