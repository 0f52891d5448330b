#include "libs/contract/fingerprint.hpp"

#include <string>

namespace orderflow::contract {

orders::Fingerprint fingerprint_of(std::string_view operation, std::string_view canonical_draft, const Sha256& sha256) {
    std::string content(operation);
    content += '\n';
    content += canonical_draft;
    return orders::Fingerprint{sha256(content)};
}

}  // namespace orderflow::contract
