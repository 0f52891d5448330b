// fork_clean(): fork() for a child that becomes another program.
#pragma once

#include <sys/types.h>

namespace orderflow::e2e {

// Like fork(), but none of the caller's signal handlers ever runs in the child: until exec they would act on what
// parent and child share (descriptors, an eventfd that asks the parent to stop). In the child only async-signal-safe
// calls.
pid_t fork_clean();

}  // namespace orderflow::e2e
