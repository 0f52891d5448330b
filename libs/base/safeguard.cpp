#include "libs/base/safeguard.hpp"

#ifdef ORDERFLOW_BREAKABLE

#include <cstdlib>
#include <string_view>

namespace orderflow {
namespace {

constexpr std::string_view name_of(Safeguard which) {
    switch (which) {
        case Safeguard::journal_sync: return "journal_sync";
        case Safeguard::store_sync: return "store_sync";
        case Safeguard::payment_sync: return "payment_sync";
    }
    return "";
}

}  // namespace

bool safeguard(Safeguard which) noexcept {
    const char* const given = std::getenv("ORDERFLOW_BREAK");
    std::string_view rest = given == nullptr ? "" : given;
    while (!rest.empty()) {
        const auto end = rest.find(',');
        if (rest.substr(0, end) == name_of(which)) return false;
        rest = end == std::string_view::npos ? "" : rest.substr(end + 1);
    }
    return true;
}

}  // namespace orderflow

#endif
