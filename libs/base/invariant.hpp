// ORDERFLOW_INVARIANT(cond): a condition that only a bug can break and that memory safety or durability rests on.
// It stays on in release builds: going on would lose or double an order. Never used on input from outside.
#pragma once

namespace orderflow {

// Prints condition and place to stderr and ends the process with SIGABRT.
[[noreturn]] void invariant_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace orderflow

#define ORDERFLOW_INVARIANT(cond) \
    (static_cast<bool>(cond) ? void() : ::orderflow::invariant_failed(#cond, __FILE_NAME__, __LINE__))
