// Safeguard: what the promise rests on, named, so that a build made for it can leave one out and show which test sees
// the harm.
//
// In every other build safeguard() is the constant true and nothing of this is in the program. With the CMake option
// ORDERFLOW_BREAKABLE the environment variable ORDERFLOW_BREAK names the safeguards to leave out, separated by commas.
#pragma once

#include <cstdint>

namespace orderflow {

enum class Safeguard : std::uint8_t {
    journal_sync,  // the queue journal syncs each commit
    store_sync,    // the order store syncs each commit
    payment_sync,  // the payment provider's ledger syncs each commit
};

#ifdef ORDERFLOW_BREAKABLE
bool safeguard(Safeguard which) noexcept;
#else
constexpr bool safeguard(Safeguard) noexcept { return true; }
#endif

}  // namespace orderflow
